using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Modular.Kernel.Documents;
using Modular.Kernel.Web;
using Modular.Kernel.Web.Limits;
using Modular.Users.Accounts;
using Modular.Users.Sessions;

namespace Modular.Users.FirstAdmin;

/// <summary>As <see cref="Register"/>, with the token from the log: whoever does it is the admin. Of several at once one is.</summary>
internal static class BecomeFirstAdmin
{
    internal sealed record Request(string? Token, string? Name, string? Email, string? Password)
    {
        public override string ToString() => $"setup by {Email}";
    }

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/setup", Handle).WithName("BecomeFirstAdmin").WithSummary("Make the first admin, with the token from the log; a guest stays the same person")
            .LimitedBy("sign-in").AllowAnonymous();

    private static async Task<Results<Created<SignInView>, Refused>> Handle(
        Request request, HttpContext http, IDocumentSession work, SetupTokens tokens, Passwords passwords, NewMembers members, SignInAnswer answer, CancellationToken ct)
    {
        if (string.IsNullOrEmpty(request.Token))
            return Refused.Input("token-required", "token", "Token is required");
        if (Register.Wrong(new(request.Name, request.Email, request.Password)) is { } wrong)
            return wrong;
        if ((await LookAsync(work)).Refused is { } no)
            return no;
        if (Caller.From(http.User) is { IsGuest: false })
            return AlreadyMember;
        if (await passwords.HashAsync(request.Password!, ClientAddress.Of(http), ct) is not { } hash)
            return Passwords.Busy;
        try
        {
            return TypedResults.Created("/api/users/me", answer.To(http, await members.MakeAsync(http, request.Name, request.Email!, hash, ct, UseAsync, "admin")));
        }
        catch (DocumentExistsException)
        {
            return (await LookAsync(work)).Refused ?? (await http.HasAccountAsync(work, ct) ? AlreadyMember : EmailTaken);
        }

        // Before each try, in its session: of two at once the second finds the setup changed, comes here again, and finds an admin.
        async Task UseAsync(IDocumentSession making)
        {
            var (setup, late) = await LookAsync(making);
            if (late is not null)
                throw new RefusedException(late);
            making.Store(setup.Used());
        }

        // The setup is read first: an admin who is made after the look at admins has changed it.
        async Task<(SetupState Setup, Refused? Refused)> LookAsync(IDocumentSession reading)
        {
            var setup = await reading.SetupAsync(ct);
            return (setup, await reading.HasAdminAsync(ct) ? Refused.Conflict("setup-done", "This site has an admin already. Sign in instead.")
                : tokens.Opens(setup, request.Token!) ? null
                : Refused.NotFound("link-unknown", "This link is not valid. The newest one is in the log of the server."));
        }
    }

    private static Refused AlreadyMember => Refused.Conflict(
        "already-member", "You have an account already. Sign out first, then open the link again and choose another e-mail.");

    /// <summary>Nobody checks addresses when people register, so it must not end in a stranger's account being made the admin's.</summary>
    private static Refused EmailTaken => Refused.Conflict(
        "email-taken",
        "There is an account with this e-mail, and anybody may have made it. Choose another one; or run `host user create --admin --existing`, "
        + "which gives that account a new password and signs everybody out of it.");
}
