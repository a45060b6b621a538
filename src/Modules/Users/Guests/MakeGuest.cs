using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Modular.Kernel.Web;
using Modular.Kernel.Web.Limits;
using Modular.Users.Sessions;

namespace Modular.Users.Guests;

internal static class MakeGuest
{
    /// <param name="Name">A friendly one is found where it is absent.</param>
    internal sealed record Request(string? Name);

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/guests", Handle).WithName("MakeGuest").WithSummary("Join as a new guest").AllowAnonymous()
            .LimitedBy(RateLimits.Guests);

    private static async Task<Results<Created<SignInView>, Refused>> Handle(
        Request? request, HttpContext http, Participants participants, SignInAnswer answer, CancellationToken ct)
    {
        if (request?.Name is not null && PersonName.Wrong(request.Name) is { } wrong)
            return wrong;
        var name = request?.Name is null ? FriendlyName.Any() : PersonName.Kept(request.Name);
        var guest = await participants.NewAsync(http, Guid.NewGuid(), name, ct);
        return TypedResults.Created("/api/users/me", answer.To(http, guest));
    }
}
