using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using Modular.Kernel.Documents;

namespace Modular.Users.Sessions;

/// <summary>Begins sessions: the one way in, whichever door somebody came through.</summary>
internal sealed class SignIns(IOptions<UsersOptions> options, TimeProvider clock)
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

    public static byte[] NewSecret() => RandomNumberGenerator.GetBytes(32);

    private static string? DeviceOf(HttpContext http) => Device.Name(http.Request.Headers[HeaderNames.UserAgent].ToString());
}
