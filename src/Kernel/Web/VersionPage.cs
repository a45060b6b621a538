using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Modular.Kernel.Web;

/// <summary>What is running: <c>/version</c>.</summary>
public sealed record VersionView(string Name, string Version, string? Commit)
{
    /// <summary>As the build has stamped it: <c>0.1.0+commit</c>.</summary>
    public static VersionView Current { get; } = Read(typeof(VersionView).Assembly);

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/version", () => TypedResults.Ok(Current)).WithName("Version").WithSummary("What is running").WithTags("Host").AllowAnonymous();

    private static VersionView Read(Assembly assembly)
    {
        var stamped = assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0";
        return stamped.Split('+', 2) is [var version, var commit] ? new("modular", version, commit) : new("modular", stamped, Commit: null);
    }
}
