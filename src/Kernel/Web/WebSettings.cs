using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Modular.Kernel.Web;

/// <summary><c>Public:Url</c>: where people reach the product, for example <c>https://ask.example.org</c>; links and the own origin follow from it.</summary>
public sealed class PublicSettings
{
    public string? Url { get; set; }
}

/// <summary><c>Limits:*</c>; what modules limit has a section of its own below it.</summary>
public sealed class LimitSettings
{
    /// <summary>Off for measurements only: then nothing is limited but bodies.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Largest request body in bytes where an endpoint sets none of its own.</summary>
    public long Body { get; set; } = 2_097_152;
}

/// <summary><c>Drain:*</c>, as far as requests are concerned.</summary>
public sealed class DrainSettings
{
    /// <summary>How long to go on serving after SIGTERM with readiness off, so that load balancers notice.</summary>
    public TimeSpan Grace { get; set; } = TimeSpan.FromSeconds(10);
}

/// <summary><c>Cors:*</c>. Nothing may call from another origin unless it is listed.</summary>
public sealed class CorsSettings
{
    public string[] Origins { get; set; } = [];
}

/// <summary><c>Proxies:*</c>: addresses or networks (<c>10.0.0.0/8</c>) whose X-Forwarded-* headers are believed.</summary>
public sealed class ProxySettings
{
    public string[] Known { get; set; } = [];
}

/// <summary><c>Logging:Format</c>: <c>json</c> or <c>pretty</c>.</summary>
public sealed class LogSettings
{
    public string Format { get; set; } = "json";
}

internal static class WebSettings
{
    public static void Add(IHostApplicationBuilder host)
    {
        host.AddSettings<PublicSettings>("Public").Validate(
            s => s.Url is null || IsOrigin(s.Url), "Public:Url must be an address such as https://ask.example.org, without a path.");
        host.AddSettings<LimitSettings>("Limits").Validate(s => s.Body > 0, "Limits:Body must be a positive number of bytes.");
        // A bare number would be days: the upper bound tells whoever writes 10 for ten seconds.
        host.AddSettings<DrainSettings>("Drain").Validate(
            s => s.Grace >= TimeSpan.Zero && s.Grace <= TimeSpan.FromMinutes(5), "Drain:Grace must be a time from 00:00:00 to 00:05:00.");
        host.AddSettings<CorsSettings>("Cors").Validate(
            s => s.Origins.All(IsOrigin), "Cors:Origins must be addresses such as https://www.example.org, without a path.");
        host.AddSettings<ProxySettings>("Proxies").Validate(
            s => s.Known.All(IsNetwork), "Proxies:Known must be IP addresses or networks such as 10.0.0.0/8.");
        host.AddSettings<LogSettings>("Logging").Validate(s => s.Format is "json" or "pretty", "Logging:Format must be json or pretty.");
    }

    public static T Read<T>(IConfiguration configuration, string section) where T : class, new() =>
        configuration.GetSection(section).Get<T>() ?? new T();

    public static System.Net.IPNetwork? Network(string text) =>
        System.Net.IPNetwork.TryParse(text, out var network) ? network
        : System.Net.IPAddress.TryParse(text, out var address) ? new(address, address.GetAddressBytes().Length * 8)
        : null;

    private static bool IsNetwork(string text) => Network(text) is not null;

    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.PathAndQuery == "/" && url.Fragment == "" && url.UserInfo == "";
}

public static class SettingsServices
{
    /// <summary>Binds a section; it is checked before the host starts, and each failure is told to the operator as a sentence.</summary>
    public static OptionsBuilder<T> AddSettings<T>(this IHostApplicationBuilder host, string section) where T : class
    {
        host.Services.AddSingleton(new SettingsCheck(services => _ = services.GetRequiredService<IOptions<T>>().Value));
        return host.Services.AddOptions<T>().BindConfiguration(section);
    }

    /// <summary>What is wrong with the settings, a sentence each: those added here and all that modules validate on start.</summary>
    public static IReadOnlyList<string> SettingsProblems(this IServiceProvider services)
    {
        var checks = services.GetServices<SettingsCheck>().Select(c => c.Run)
            .Append(s => s.GetService<IStartupValidator>()?.Validate());
        return [.. checks.SelectMany(check => Problems(check, services)).Distinct(StringComparer.Ordinal)];
    }

    private static IEnumerable<string> Problems(Action<IServiceProvider> check, IServiceProvider services)
    {
        try
        {
            check(services);
            return [];
        }
        catch (OptionsValidationException wrong)
        {
            return wrong.Failures;
        }
        catch (AggregateException several)
        {
            return several.Flatten().InnerExceptions.SelectMany(e => e is OptionsValidationException o ? o.Failures : [e.Message]);
        }
        catch (InvalidOperationException unreadable)
        {
            return [unreadable.Message];
        }
    }
}

internal sealed record SettingsCheck(Action<IServiceProvider> Run);
