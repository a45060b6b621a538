using System.Security.Cryptography;

namespace Modular.Kernel.Documents;

/// <summary>
/// The id of a document that there is one of for two things, for example a vote of a person on a question: the
/// primary key is then the rule that there is only one, and it is found without a query.
/// </summary>
public static class DerivedId
{
    /// <summary>A UUIDv8 (a hash) of the two ids in this order.</summary>
    public static Guid Of(Guid first, Guid second)
    {
        Span<byte> both = stackalloc byte[32];
        first.TryWriteBytes(both, bigEndian: true, out _);
        second.TryWriteBytes(both[16..], bigEndian: true, out _);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(both, hash);
        hash[6] = (byte)(0x80 | (hash[6] & 0x0f));
        hash[8] = (byte)(0x80 | (hash[8] & 0x3f));
        return new Guid(hash[..16], bigEndian: true);
    }
}
