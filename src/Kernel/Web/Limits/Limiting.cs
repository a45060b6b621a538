using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Modular.Kernel.Web.Limits;

public static partial class Limiting
{
    /// <summary>
    /// Declares a limit of this module: <paramref name="permits"/> requests every <paramref name="per"/>, at most <paramref name="burst"/> of them at once.
    /// <c>Limits:{Name}:Permits</c>, <c>:Per</c> and <c>:Burst</c> change it. Each replica counts for itself.
    /// </summary>
    /// <param name="name">Lower-case words with hyphens, for example <c>ask</c>.</param>
    public static IHostApplicationBuilder AddLimit(this IHostApplicationBuilder host, string name, LimitBy by, int permits, TimeSpan per, int? burst = null)
    {
        if (!Name().IsMatch(name) || name is "body" or "enabled")
            throw new ArgumentException($"A limit cannot be called '{name}'.", nameof(name));
        var limit = new DeclaredLimit(name, by);
        host.Services.AddSingleton(limit);
        host.Services.AddOptions<LimitRule>(name)
            .Configure(rule => (rule.Permits, rule.Per, rule.Burst) = (permits, per, burst))
            .Configure<IConfiguration>((rule, settings) => settings.GetSection(limit.Section).Bind(rule));
        host.Services.AddSingleton<IValidateOptions<LimitRule>>(new RuleCheck(limit));
        host.Services.AddSingleton(new SettingsCheck(services => _ = services.GetRequiredService<IOptionsMonitor<LimitRule>>().Get(name)));
        return host;
    }

    /// <summary>
    /// Every request to the endpoint takes a permit of the limit called <paramref name="name"/>, before its body is read. One that turns out to be wrong (400) has
    /// taken it too: reading it is the work, and clients check before they send.
    /// </summary>
    public static TBuilder LimitedBy<TBuilder>(this TBuilder endpoint, string name) where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new LimitMetadata(name));

    internal static void Add(IServiceCollection services) => services.AddSingleton(all => new RateLimits(
        all.GetServices<DeclaredLimit>(), all.GetRequiredService<IOptionsMonitor<LimitRule>>(), all.GetRequiredService<IOptions<LimitSettings>>(), all.GetRequiredService<TimeProvider>()));

    /// <summary>After authentication, because a budget is somebody's, and before bodies are read, because a refusal has to be cheap.</summary>
    internal static void UseLimits(this WebApplication app)
    {
        if (app.Services.GetRequiredService<IOptions<LimitSettings>>().Value.Enabled)
            app.UseMiddleware<LimitedEndpoints>();
        else
            app.Lifetime.ApplicationStarted.Register(() => app.Services.GetRequiredService<ILogger<RateLimits>>().LogWarning(
                "Limits:Enabled is false: nothing limits how often anybody asks, votes, signs in or makes guests"));
    }

    private sealed class RuleCheck(DeclaredLimit limit) : IValidateOptions<LimitRule>
    {
        public ValidateOptionsResult Validate(string? name, LimitRule options) =>
            name != limit.Name ? ValidateOptionsResult.Skip
            : options.Wrong(limit.Section).ToList() is { Count: > 0 } wrong ? ValidateOptionsResult.Fail(wrong)
            : ValidateOptionsResult.Success;
    }

    [GeneratedRegex("^[a-z]+(-[a-z]+)*$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Name();
}
