using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace Modular.Kernel.Web;

/// <summary>
/// Who may knock: unsafe requests, answers that do not end (<see cref="LongAnswers"/>) for a cookie, and all socket upgrades. An Origin that is
/// sent is our own (<c>Public:Url</c> or the host asked for) or one of <c>Cors:Origins</c>; <c>null</c> never. Without one, only programs with a
/// bearer token and what the browser says is not cross-site. An unsafe request without a cookie is asked, too: browsers leave a Lax cookie out when
/// another site posts here, and the new guest's cookie in the answer would take the place of it. With a bearer token and no cookie nobody is:
/// no page can send one from elsewhere unless CORS lets it.
/// </summary>
public sealed class OriginRule(IOptions<PublicSettings> address, IOptions<CorsSettings> cors)
{
    private readonly HashSet<string> known =
        new(cors.Value.Origins.Append(address.Value.Url ?? "").Where(o => o.Length > 0).Select(Normal), StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether the request may go on.</summary>
    public bool Allows(HttpRequest request)
    {
        var upgrade = IsUpgrade(request);
        var withCookie = request.Headers.Cookie.Count > 0;
        var asked = IsSafe(request.Method) ? withCookie && LongAnswers.IsAsked(request.HttpContext) : withCookie || !IsBearer(request);
        if (!upgrade && !asked)
            return true;
        var origin = request.Headers.Origin;
        return origin.Count > 0
            ? origin.Count == 1 && AllowsOrigin(origin.ToString(), $"{request.Scheme}://{request.Host}")
            : IsBearer(request) || request.Headers["Sec-Fetch-Site"].ToString() is "" or "same-origin" or "none";
    }

    internal bool AllowsOrigin(string origin, string own) =>
        !string.Equals(origin, "null", StringComparison.OrdinalIgnoreCase)
        && (known.Contains(Normal(origin)) || string.Equals(Normal(origin), Normal(own), StringComparison.OrdinalIgnoreCase));

    private static bool IsBearer(HttpRequest request) =>
        request.Headers.Authorization.ToString().StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase);

    private static bool IsSafe(string method) =>
        HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method) || HttpMethods.IsTrace(method);

    private static bool IsUpgrade(HttpRequest request) =>
        request.Headers.Upgrade.Count > 0 || request.HttpContext.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true };

    /// <summary>Scheme, host and port without the scheme's own port.</summary>
    private static string Normal(string origin) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var url) ? url.GetLeftPart(UriPartial.Authority) : origin;
}

/// <summary>
/// Reads that hold a place for as long as they last. Another site could not see what such an answer says to somebody's cookie, but take all the
/// places this person has.
/// </summary>
public static class LongAnswers
{
    public static TBuilder WithLongAnswer<TBuilder>(this TBuilder endpoint) where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new Metadata());

    internal static bool IsAsked(HttpContext http) => http.GetEndpoint()?.Metadata.GetMetadata<Metadata>() is not null;

    private sealed class Metadata;
}

internal static class OriginCheck
{
    public static RequestDelegate Refuse(OriginRule rule, RequestDelegate next) => http =>
        rule.Allows(http.Request)
            ? next(http)
            : Problems.WriteAsync(http, StatusCodes.Status403Forbidden, "cross-origin", "This request comes from another site. Open this site itself and try again.");
}
