using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using Modular.Kernel.Web;

namespace Modular.Users.Sessions;

/// <summary>
/// The one scheme: bearer, then cookie, then <c>access_token</c> where browsers can send nothing else: sockets and server-sent events. Dead credentials end the request with a
/// 401 even where nobody needs to sign in: going on as nobody would turn a signed-out person into a new guest.
/// </summary>
internal sealed class ModularAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logs, UrlEncoder encoder,
    Tokens tokens, LiveSessions sessions, TimeProvider clock)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logs, encoder), IAuthenticationRequestHandler
{
    public new const string Scheme = "Modular";

    /// <summary>On endpoints whose credentials are in the body, so that an expired token beside them is no reason to refuse.</summary>
    public sealed class IgnoresCredentials;

    public async Task<bool> HandleRequestAsync()
    {
        // The page itself must load for a person whose session has ended; it asks them what to do.
        if (!IsUnder("/api") && !IsUnder("/hub") && !IsUnder("/ws"))
            return false;
        if ((await AuthenticateAsync()).Failure is not DeadCredentials dead)
            return false;
        if (dead.IsCookie)
            SessionCookie.Clear(Context);
        Response.Headers.WWWAuthenticate = "Bearer error=\"invalid_token\"";
        await Problems.WriteAsync(Context, StatusCodes.Status401Unauthorized, dead.Type, dead.Message);
        return true;
    }

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Context.GetEndpoint()?.Metadata.GetMetadata<IgnoresCredentials>() is not null)
            return AuthenticateResult.NoResult();
        if (Bearer() is { } bearer)
            return await ByAccessAsync(bearer);
        if (SessionCookie.Read(Context) is { } cookie)
            return await BySessionAsync(tokens.ReadCookie(cookie), isCookie: true);
        return (IsUnder("/hub") || IsUnder("/ws") || IsUnder("/api/notifications/sse")) && Request.Query["access_token"] is [{ Length: > 0 } query]
            ? await ByAccessAsync(query)
            : AuthenticateResult.NoResult();
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = "Bearer";
        return Problems.WriteAsync(Context, StatusCodes.Status401Unauthorized, "unauthenticated", "Sign in first.");
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        Context.GetEndpoint()?.Metadata.GetMetadata<AudienceMetadata>() is { } audience
            ? audience.Others.ExecuteAsync(Context)
            : Problems.WriteAsync(Context, StatusCodes.Status403Forbidden, "forbidden", "You may not do this.");

    private bool IsUnder(string path) => Request.Path.StartsWithSegments(path, StringComparison.OrdinalIgnoreCase);

    private string? Bearer() =>
        Request.Headers.Authorization is [{ } header] && header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)
            ? header["Bearer ".Length..].Trim()
            : null;

    private async Task<AuthenticateResult> ByAccessAsync(string token) => tokens.ReadAccess(token) switch
    {
        null => AuthenticateResult.Fail(new DeadCredentials("token-invalid", "This access token is not one of ours. Sign in again.", isCookie: false)),
        var (_, expires) when expires <= clock.GetUtcNow() =>
            AuthenticateResult.Fail(Expired),
        var (session, _) => await BySessionAsync(session, isCookie: false),
    };

    private async Task<AuthenticateResult> BySessionAsync(Credential? credential, bool isCookie)
    {
        if (credential is null || await sessions.FindAsync(credential, Context.RequestAborted) is not { } live)
            return AuthenticateResult.Fail(Ended(isCookie));
        if (!live.Takes(credential.Generation, clock.GetUtcNow()))
            return AuthenticateResult.Fail(isCookie ? Ended(isCookie) : Expired);
        return AuthenticateResult.Success(new AuthenticationTicket(SignedIn.PrincipalOf(live.Caller), Scheme));
    }

    private static DeadCredentials Expired => new("token-expired", "This access token has expired. Refresh it.", isCookie: false);

    private static DeadCredentials Ended(bool isCookie) => new("session-ended", "Your session has ended. Sign in again or go on as a new guest.", isCookie);

    private sealed class DeadCredentials(string type, string sentence, bool isCookie) : Exception(sentence)
    {
        public string Type { get; } = type;

        /// <summary>A cookie beside a dead token was not looked at, and may live.</summary>
        public bool IsCookie { get; } = isCookie;
    }
}
