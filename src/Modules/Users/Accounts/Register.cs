using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using Modular.Kernel.Documents;
using Modular.Kernel.Web;
using Modular.Kernel.Web.Limits;
using Modular.Users.Sessions;

namespace Modular.Users.Accounts;

/// <summary>A guest who registers stays the same person in the same session: their questions, votes and rooms stay theirs.</summary>
internal static class Register
{
    /// <param name="Name">A guest keeps theirs where it is absent; others get a friendly one.</param>
    internal sealed record Request(string? Name, string? Email, string? Password)
    {
        public override string ToString() => $"registration of {Email}";
    }

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/register", Handle).WithName("Register").WithSummary("Make an account; a guest stays the same person")
            .LimitedBy("sign-in").AllowAnonymous();

    private static async Task<Results<Created<SignInView>, Refused>> Handle(
        Request request, HttpContext http, IDocumentSession work, Attempts attempts, Passwords passwords, NewMembers members, SignInAnswer answer,
        IOptions<AttemptLimits> limits, CancellationToken ct)
    {
        if (Wrong(request) is { } wrong)
            return wrong;
        if (Caller.From(http.User) is { IsGuest: false })
            return AlreadyMember;
        string[] asking = ["taken-email", ClientAddress.Of(http)];
        if (await attempts.LookAsync(limits.Value.TakenEmails, ct, asking) is { } tooMany)
            return tooMany;
        if (await work.FindAccountAsync(request.Email!, ct) is not null)
            return await TakenAsync();
        if (await passwords.HashAsync(request.Password!, ClientAddress.Of(http), ct) is not { } hash)
            return Passwords.Busy;
        try
        {
            return TypedResults.Created("/api/users/me", answer.To(http, await members.MakeAsync(http, request.Name, request.Email!, hash, ct)));
        }
        catch (DocumentExistsException)
        {
            // A moment ago: this guest in another window, or somebody who has the address now.
            return await http.HasAccountAsync(work, ct) ? AlreadyMember : await TakenAsync();
        }

        async Task<Refused> TakenAsync() =>
            (await attempts.TryAsync(http, limits.Value.TakenEmails, ct, asking)).TooMany
            ?? Refused.Conflict("email-taken", "There is an account with this e-mail. Sign in instead.");
    }

    private static Refused AlreadyMember => Refused.Conflict("already-member", "You have an account already. Sign out first to make another one.");

    /// <summary>Whether the caller, a guest when the request came, has one by now.</summary>
    internal static async Task<bool> HasAccountAsync(this HttpContext http, IDocumentSession read, CancellationToken ct) =>
        Caller.From(http.User) is { } caller && await read.LoadAsync<Account>(caller.UserId, ct) is not null;

    internal static Refused? Wrong(Request request) =>
        (request.Name is null ? null : PersonName.Wrong(request.Name))
        ?? EmailAddress.Wrong(request.Email)
        ?? PasswordRule.Wrong(request.Password, request.Email, request.Name);
}
