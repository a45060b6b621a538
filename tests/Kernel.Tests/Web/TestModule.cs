using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Modular.Kernel.Documents;
using Modular.Kernel.Modules;
using Modular.Kernel.Web;
using Modular.Kernel.Web.Limits;
using Npgsql;

namespace Modular.Kernel.Tests.Web;

/// <summary>A module with an endpoint for each thing that can go wrong.</summary>
internal sealed class TestModule : IModule
{
    public string Name => "things";

    public void AddServices(IHostApplicationBuilder host)
    {
        host.Services.AddAuthentication("test").AddScheme<AuthenticationSchemeOptions, TestSignIn>("test", configureOptions: null);
        host.AddLimit(RateLimits.Guests, LimitBy.Address, permits: 100, per: TimeSpan.FromSeconds(1));
        host.AddLimit("sing", LimitBy.Person, permits: 3, per: TimeSpan.FromMinutes(1));
        host.AddLimit("knock-hard", LimitBy.Address, permits: 2, per: TimeSpan.FromMinutes(1), burst: 4);
    }

    public void MapEndpoints(IEndpointRouteBuilder routes)
    {
        var open = routes.MapGroup("").AllowAnonymous();
        open.MapPost("/", (Thing thing) => TypedResults.Created("/api/things/1", thing)).WithName("MakeThing");
        open.MapPost("/small", (Thing thing) => TypedResults.Ok(thing)).WithBodyLimit(64);
        open.MapPost("/guests", (Thing thing) => TypedResults.Ok(thing)).AllowGuests();
        open.MapGet("/list", (int limit, string? q) => TypedResults.Ok(new[] { limit.ToString(), q ?? "" }));
        open.MapGet("/{id:guid}", Show).WithName("ShowThing");
        open.MapPatch("/{id:guid}", (Guid id, HttpContext http) => Etag.Stale(http, 3) ?? (IResult)TypedResults.NoContent());
        open.MapGet("/numbers/{number}", (int number) => TypedResults.Ok(number));
        open.MapGet("/module", (ModuleScope scope, RequestScope request) => TypedResults.Ok(new[] { scope.Module, request.RequestId }));
        open.MapGet("/fails/{how}", Fail);
        open.MapGet("/half", HalfAsync);
        open.MapPost("/sing", (Thing thing) => TypedResults.Ok(thing)).LimitedBy("sing").AllowGuests();
        open.MapPost("/join", () => TypedResults.NoContent()).LimitedBy(RateLimits.Guests);
        open.MapPost("/knock", () => TypedResults.NoContent()).LimitedBy("knock-hard");
        routes.MapGet("/mine", (Caller? caller) => TypedResults.Ok(caller)).RequireAuthorization();
        routes.MapGet("/admins", () => TypedResults.Ok()).RequireAuthorization(p => p.RequireClaim("role", "admin"));
    }

    private static Results<Versioned<Thing>, Refused> Show(Guid id) =>
        id == Guid.Empty ? Refused.NotFound("thing-not-found", "There is no such thing.") : Versioned.Of(3, new Thing("blue", null, 7));

    private static IResult Fail(string how) => throw (how switch
    {
        "conflict" => new VersionConflictException("thing 3"),
        "exists" => new DocumentExistsException("thing"),
        "away" => new CommitUnavailableException("secret host"),
        "unknown" => new CommitOutcomeUnknownException("secret host"),
        "postgres" => new NpgsqlException("secret host", new System.Net.Sockets.SocketException()),
        "statement" => new PostgresException("secret table", "ERROR", "ERROR", "42P01"),
        _ => new InvalidOperationException("secret password"),
    });

    private static async Task HalfAsync(HttpContext http)
    {
        await http.Response.WriteAsync("{\"half\":", http.RequestAborted);
        await http.Response.Body.FlushAsync(http.RequestAborted);
        throw new InvalidOperationException("in the middle");
    }
}

internal sealed record Thing(string Title, Colour? Colour, int Size, bool Shiny = false, Inner? Inner = null);

internal sealed record Inner(Guid Id);

internal enum Colour
{
    Red,
    DarkBlue,
}

internal sealed class TestSignIn(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logs, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logs, encoder)
{
    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var user = Request.Headers.Authorization.ToString() switch
        {
            "Bearer ann" => Guid.Empty,
            "Bearer bob" => Guid.AllBitsSet,
            _ => (Guid?)null,
        };
        if (user is null)
            return Task.FromResult(AuthenticateResult.NoResult());
        var identity = new ClaimsIdentity([new(Caller.Claims.User, user.ToString()!), new(Caller.Claims.Session, Guid.Empty.ToString())], "test");
        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), "test")));
    }
}
