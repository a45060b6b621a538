using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Modular.Kernel.Documents;
using Modular.Kernel.Modules;
using Modular.Kernel.Web;
using Modular.Kernel.Web.Limits;

namespace Modular.Users.Me;

/// <summary>
/// One JSON document with everything all modules hold of a person. Long lists are read while they are written, so it costs little memory;
/// where that fails half-way the connection is cut, so that half of it never looks like all.
/// </summary>
internal static class ExportMe
{
    /// <param name="Modules">By module, what it holds of the person.</param>
    internal sealed record Export(UserView User, DateTimeOffset ExportedAt, IReadOnlyDictionary<string, object> Modules);

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/me/export", Handle).WithName("ExportMe").WithSummary("Everything that is held of me, as one file")
            .Produces<Export>().RequireAuthorization().LimitedBy("export");

    private static async Task<Results<PushStreamHttpResult, Refused>> Handle(
        HttpContext http, IDocumentSession work, OwnData held, TimeProvider clock, CancellationToken ct)
    {
        var caller = Caller.From(http.User)!;
        if (await work.LoadAsync<User>(caller.UserId, ct) is not { } user)
            return Refused.NotFound("user-not-found", "This person is no longer here.");
        var now = clock.GetUtcNow();
        var export = new Export(UserView.Of(user), now, await held.OfAsync(user.Id, ct));
        http.Response.Headers.CacheControl = "private, no-store";
        return TypedResults.Stream(
            body => JsonSerializer.SerializeAsync(body, export, ModularJson.Options, ct),
            "application/json", string.Create(CultureInfo.InvariantCulture, $"modular-{now:yyyy-MM-dd}.json"));
    }
}
