using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace Modular.Users.Sessions;

/// <summary>
/// Writes and reads what clients carry: a session id that only this system can have made. Whether the session still
/// lives is asked of the database, so nothing here needs to be revoked.
/// </summary>
internal sealed class Tokens(IDataProtectionProvider protection)
{
    private const int IdBytes = 16;
    private readonly IDataProtector cookie = protection.CreateProtector("Modular.Users.Cookie");
    private readonly IDataProtector access = protection.CreateProtector("Modular.Users.Access");
    private readonly IDataProtector refresh = protection.CreateProtector("Modular.Users.Refresh");

    public string Cookie(Guid session) => Seal(cookie, session, []);

    public string Access(Guid session, DateTimeOffset expires)
    {
        Span<byte> until = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(until, expires.ToUnixTimeSeconds());
        return Seal(access, session, until);
    }

    public string Refresh(Guid session, ReadOnlySpan<byte> secret) => Seal(refresh, session, secret);

    public Guid? ReadCookie(string text) => Open(cookie, text)?.Session;

    /// <summary>Null for what we never made; an expired one is returned as it is.</summary>
    public (Guid Session, DateTimeOffset Expires)? ReadAccess(string text) =>
        Open(access, text) is ({ } session, { Length: sizeof(long) } until)
            ? (session, DateTimeOffset.FromUnixTimeSeconds(BinaryPrimitives.ReadInt64BigEndian(until)))
            : null;

    public (Guid Session, byte[] Secret)? ReadRefresh(string text) => Open(refresh, text);

    private static string Seal(IDataProtector protector, Guid session, ReadOnlySpan<byte> more)
    {
        var plain = new byte[IdBytes + more.Length];
        session.TryWriteBytes(plain, bigEndian: true, out _);
        more.CopyTo(plain.AsSpan(IdBytes));
        return Base64Url.EncodeToString(protector.Protect(plain));
    }

    private static (Guid Session, byte[] More)? Open(IDataProtector protector, string text)
    {
        try
        {
            var plain = protector.Unprotect(Base64Url.DecodeFromChars(text));
            return plain.Length < IdBytes ? null : (new Guid(plain.AsSpan(0, IdBytes), bigEndian: true), plain[IdBytes..]);
        }
        catch (Exception notOurs) when (notOurs is CryptographicException or FormatException)
        {
            return null;
        }
    }
}
