using System.Security.Claims;
using Modular.Kernel.Web;

namespace Modular.Users.Sessions;

/// <summary>A person with a session that has just begun or been refreshed; the secret is known only now.</summary>
internal sealed record SignedIn(User User, Session Session, byte[] RefreshSecret)
{
    public Caller Caller => CallerOf(User, Session.Id);

    public static Caller CallerOf(User user, Guid session) =>
        new(user.Id, session, user.Name, user.Kind == UserKind.Guest, user.Roles.Contains("admin"));

    /// <summary>What <see cref="Caller.From"/> reads back.</summary>
    public static ClaimsPrincipal PrincipalOf(Caller caller)
    {
        var claims = new List<Claim>
        {
            new(Caller.Claims.User, caller.UserId.ToString()),
            new(Caller.Claims.Session, caller.SessionId.ToString()),
            new(Caller.Claims.Name, caller.Name),
            new(Caller.Claims.Kind, caller.IsGuest ? "guest" : "member"),
        };
        if (caller.IsAdmin)
            claims.Add(new Claim(Caller.Claims.Role, "admin"));
        return new ClaimsPrincipal(new ClaimsIdentity(claims, ModularAuthentication.Scheme, Caller.Claims.Name, Caller.Claims.Role));
    }
}
