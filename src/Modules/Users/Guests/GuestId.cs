using System.Security.Cryptography;
using System.Text;

namespace Modular.Users.Guests;

/// <summary>The id of the guest that a write with a clientId makes: the same for its retry, and nobody's to guess.</summary>
internal static class GuestId
{
    public static Guid From(byte[] key, string clientId)
    {
        var bytes = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(clientId)).AsSpan(0, 16);
        bytes[6] = (byte)(0x40 | (bytes[6] & 0x0f));    // version 4, as every user id
        bytes[8] = (byte)(0x80 | (bytes[8] & 0x3f));    // variant of RFC 9562
        return new Guid(bytes, bigEndian: true);
    }
}
