using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace Modular.Users.Sessions;

/// <summary>
/// Writes and reads what clients carry: a session id that only this system can have made. Whether the session still
/// lives is asked of the database, so nothing here needs to be revoked.
/// </summary>
/// <remarks>Sealed by data protection: the id (16 bytes, big-endian); in an access token when it ends (8, Unix seconds); in both it and the cookie the generation (4, not there before there were any).</remarks>
internal sealed class Tokens(IDataProtectionProvider protection)
{
    private const int IdBytes = 16;
    private readonly IDataProtector cookie = protection.CreateProtector("Modular.Users.Cookie");
    private readonly IDataProtector access = protection.CreateProtector("Modular.Users.Access");
    private readonly IDataProtector refresh = protection.CreateProtector("Modular.Users.Refresh");

    public string Cookie(Credential session)
    {
        Span<byte> more = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(more, session.Generation);
        return Seal(cookie, session.Session, more);
    }

    public string Access(Credential session, DateTimeOffset expires)
    {
        Span<byte> more = stackalloc byte[sizeof(long) + sizeof(int)];
        BinaryPrimitives.WriteInt64BigEndian(more, expires.ToUnixTimeSeconds());
        BinaryPrimitives.WriteInt32BigEndian(more[sizeof(long)..], session.Generation);
        return Seal(access, session.Session, more);
    }

    public string Refresh(Guid session, ReadOnlySpan<byte> secret) => Seal(refresh, session, secret);

    public Credential? ReadCookie(string text) => Open(cookie, text) is var (session, more) ? new(session, Generation(more)) : null;

    /// <summary>Null for what we never made; an expired one is returned as it is.</summary>
    public (Credential Session, DateTimeOffset Expires)? ReadAccess(string text) =>
        Open(access, text) is ({ } session, { Length: >= sizeof(long) } more)
            ? (new(session, Generation(more.AsSpan(sizeof(long)))), DateTimeOffset.FromUnixTimeSeconds(BinaryPrimitives.ReadInt64BigEndian(more)))
            : null;

    public (Guid Session, byte[] Secret)? ReadRefresh(string text) => Open(refresh, text);

    private static int Generation(ReadOnlySpan<byte> more) => BinaryPrimitives.TryReadInt32BigEndian(more, out var generation) ? generation : 0;

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

/// <summary>What a cookie or an access token says; <see cref="Sessions.Session.Generation"/>.</summary>
internal sealed record Credential(Guid Session, int Generation)
{
    public static Credential Of(Session session) => new(session.Id, session.Generation);
}
