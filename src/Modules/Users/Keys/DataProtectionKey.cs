using Modular.Kernel.Documents;

namespace Modular.Users.Keys;

/// <param name="Sealed">The key's XML, sealed by the configured secret: a copy of the database alone signs nobody in.</param>
internal sealed record DataProtectionKey(byte[] Sealed) : Document;

/// <summary>What stands in for <c>Modules:Users:Secret</c> in development; one row, never made elsewhere.</summary>
internal sealed record DevelopmentSecret(string Value) : Document
{
    public static Guid OnlyId { get; } = new("018cc251-f400-7000-8000-000000000002");
}
