using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using Modular.Kernel.Documents;

namespace Modular.Users.Sessions;

/// <summary>Begins sessions: the one way in, whichever door somebody came through.</summary>
internal sealed class SignIns(Tokens tokens, IOptions<UsersOptions> options, TimeProvider clock)
{
    /// <summary>Adds a session of <paramref name="user"/> to <paramref name="work"/> and saves it all.</summary>
    /// <exception cref="VersionConflictException">A known person has changed (was banned or deleted, too) since they were loaded; nothing was written.</exception>
    public async Task<SignedIn> BeginAsync(IDocumentSession work, User user, HttpContext http, CancellationToken ct)
    {
        var secret = NewSecret();
        var session = work.Insert(Session.Start(user.Id, secret, clock.GetUtcNow(), options.Value.SessionLife, DeviceOf(http)));
        await work.SaveChangesAsync(ct);
        return new SignedIn(user, session, secret);
    }

    /// <summary>As <see cref="BeginAsync"/>, in the session of theirs whose cookie this browser has: a new one beside it would stand in their list for half a year, and nobody would hold it.</summary>
    public async Task<SignedIn> ComeBackAsync(IDocumentSession work, User user, HttpContext http, CancellationToken ct) =>
        SessionCookie.Read(http) is { } cookie && tokens.ReadCookie(cookie) is { } held
        && await work.LoadAsync<Session>(held.Session, ct) is { } session && session.UserId == user.Id && !session.HasEnded(clock.GetUtcNow())
            ? await GoOnAsync(work, user, session, ct)
            : await BeginAsync(work, user, http, ct);

    /// <summary>
    /// As <see cref="BeginAsync"/>, in a session they have: their open sockets and other requests go on. A new one would make the old cookie dead
    /// under them, and its clearing could cross the new one on the way.
    /// </summary>
    public async Task<SignedIn> GoOnAsync(IDocumentSession work, User user, Session session, CancellationToken ct)
    {
        var (secret, now) = (NewSecret(), clock.GetUtcNow());
        var kept = work.Store(session.Refreshed(secret, now, options.Value.SessionLife).Raised(now));
        await work.SaveChangesAsync(ct);
        return new SignedIn(user, kept, secret);
    }

    public static byte[] NewSecret() => RandomNumberGenerator.GetBytes(32);

    private static string? DeviceOf(HttpContext http) => Device.Name(http.Request.Headers[HeaderNames.UserAgent].ToString());
}
