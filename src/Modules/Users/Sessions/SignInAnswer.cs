using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Modular.Users.Sessions;

/// <param name="ExpiresIn">Seconds until the access token ends; the session lives on.</param>
internal sealed record SignInView(UserView User, string AccessToken, string RefreshToken, int ExpiresIn);

/// <summary>How every sign-in answers: tokens for programs, the cookie for browsers.</summary>
internal sealed class SignInAnswer(Tokens tokens, SessionCookie cookie, IOptions<UsersOptions> options, TimeProvider clock)
{
    public SignInView To(HttpContext http, SignedIn signedIn)
    {
        var life = options.Value.AccessTokenLife;
        var session = signedIn.Session;
        cookie.Set(http, session);
        return new SignInView(
            UserView.Of(signedIn.User),
            tokens.Access(Credential.Of(session), clock.GetUtcNow() + life),
            tokens.Refresh(session.Id, signedIn.RefreshSecret),
            (int)life.TotalSeconds);
    }
}
