using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Modular.Users.Sessions;

/// <summary>The browser's half of a session. The prefix <c>__Host-</c> makes browsers insist on Secure, this host and the whole path.</summary>
internal sealed class SessionCookie(Tokens tokens, IOptions<UsersOptions> options)
{
    public static string? Read(HttpContext http) =>
        http.Request.Cookies.TryGetValue(NameFor(http), out var value) && value.Length > 0 ? value : null;

    public void Set(HttpContext http, Session session) =>
        http.Response.Cookies.Append(NameFor(http), tokens.Cookie(Credential.Of(session)), With(http, options.Value.SessionLife));

    public static void Clear(HttpContext http) => http.Response.Cookies.Delete(NameFor(http), With(http, life: null));

    private static string NameFor(HttpContext http) => http.Request.IsHttps ? "__Host-modular" : "modular";

    private static CookieOptions With(HttpContext http, TimeSpan? life) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Lax,
        Secure = http.Request.IsHttps,
        Path = "/",
        MaxAge = life,
        IsEssential = true,
    };
}
