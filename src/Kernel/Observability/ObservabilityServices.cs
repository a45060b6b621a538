using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Modular.Kernel.Web;

namespace Modular.Kernel.Observability;

public static class ObservabilityServices
{
    /// <summary>
    /// Traces and metrics over OTLP, where <c>Otel:Endpoint</c> is set. Call it after everything else that adds hosted services: what is
    /// registered first stops last, and what the others do while they stop is still to be sent.
    /// </summary>
    public static IHostApplicationBuilder AddObservability(this IHostApplicationBuilder host)
    {
        host.AddSettings<OtelSettings>("Otel")
            .Validate(s => OtelSettings.IsAddress(s.Endpoint), "Otel:Endpoint must be the address of an OTLP collector, such as http://collector:4318, without user or query.")
            .Validate(s => s.Protocol is OtelSettings.HttpProtobuf or OtelSettings.Grpc, "Otel:Protocol must be http/protobuf or grpc.")
            .Validate(s => s.Sampling is >= 0 and <= 1, "Otel:Sampling must be a share of the requests from 0 to 1, for example 0.1.")
            .Validate(s => s.TracesPerSecond > 0, "Otel:TracesPerSecond must be a positive number.");
        host.Services.AddSingleton<Telemetry>();
        host.Services.Insert(0, ServiceDescriptor.Singleton<IHostedService>(p => p.GetRequiredService<Telemetry>()));

        // The ids of a trace that nobody keeps would only lengthen the lines.
        var ids = string.IsNullOrEmpty(host.Configuration["Otel:Endpoint"]) ? ActivityTrackingOptions.None : ActivityTrackingOptions.TraceId | ActivityTrackingOptions.SpanId;
        host.Logging.Configure(o => o.ActivityTrackingOptions = ids);
        return host;
    }
}
