using System.Security.Claims;
using Microsoft.AspNetCore.Http;

namespace Modular.Kernel.Web;

/// <summary>Who makes a request or holds a connection. A guest is a user like any other.</summary>
public sealed record Caller(Guid UserId, Guid SessionId, string Name, bool IsGuest, bool IsAdmin)
{
    public static class Claims
    {
        public const string User = "sub";
        public const string Session = "sid";
        public const string Name = "name";
        public const string Kind = "kind";
        public const string Role = "role";
    }

    /// <summary>The caller an authentication handler has put on the request, or null for nobody.</summary>
    public static Caller? From(ClaimsPrincipal principal) =>
        Guid.TryParse(principal.FindFirstValue(Claims.User), out var user)
        && Guid.TryParse(principal.FindFirstValue(Claims.Session), out var session)
            ? new Caller(
                user,
                session,
                principal.FindFirstValue(Claims.Name) ?? "",
                string.Equals(principal.FindFirstValue(Claims.Kind), "guest", StringComparison.Ordinal),
                principal.HasClaim(Claims.Role, "admin"))
            : null;

    /// <summary>Lets endpoints take a <c>Caller?</c> as a parameter.</summary>
    public static ValueTask<Caller?> BindAsync(HttpContext http) => new(From(http.User));
}

/// <summary>What open connections need of the module that owns sign-in: who a token is, and which sessions have ended.</summary>
public interface ICallerSource
{
    ValueTask<Caller?> ByTokenAsync(string accessToken, CancellationToken ct);

    /// <summary>Those of <paramref name="sessions"/> that are revoked, expired or whose user is gone; one query.</summary>
    Task<IReadOnlyCollection<Guid>> EndedAsync(IReadOnlyCollection<Guid> sessions, CancellationToken ct);
}
