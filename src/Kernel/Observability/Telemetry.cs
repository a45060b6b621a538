using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Modular.Kernel.Web;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Modular.Kernel.Observability;

/// <summary>
/// Sends spans and metrics to the collector from the first thing the host does to the last. A collector that is away costs nothing but what
/// it would have got: spans wait in a bounded queue, and stopping waits <see cref="Patience"/> at most.
/// </summary>
internal sealed class Telemetry(IOptions<OtelSettings> options, TimeProvider clock, ILogger<Telemetry> log) : IHostedLifecycleService, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly OtelSettings settings = options.Value;
    private TracerProvider? traces;
    private MeterProvider? metrics;
    private CollectorLink? link;

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        if (!settings.IsOn)
            return Task.CompletedTask;
        link = new CollectorLink(settings.Endpoint!, log);
        var self = ResourceBuilder.CreateDefault().AddService(
            VersionView.Current.Name, serviceVersion: VersionView.Current.Version, serviceInstanceId: $"{Environment.MachineName}:{Environment.ProcessId}");
        traces = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(self).SetSampler(new RequestSampler(settings, clock))
            .AddSource("Modular.*", "Microsoft.AspNetCore", "Npgsql")
            .AddOtlpExporter(o => Address(o, "traces"))
            .Build();
        metrics = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(self)
            .AddMeter("Modular.*", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Microsoft.AspNetCore.Http.Connections", "System.Runtime", "Npgsql")
            .AddOtlpExporter(o => Address(o, "metrics"))
            .Build();
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        if (!settings.IsOn)
            return;
        var milliseconds = (int)Patience.TotalMilliseconds;
        // Side by side, and not on this thread: both block.
        var last = Task.WhenAll(Task.Run(() => traces?.Shutdown(milliseconds), CancellationToken.None), Task.Run(() => metrics?.Shutdown(milliseconds), CancellationToken.None));
        try
        {
            await last.WaitAsync(Patience, clock, CancellationToken.None);
        }
        catch (TimeoutException)
        {
            log.LogWarning("The last telemetry did not reach {Endpoint} within {Patience}; it is dropped", settings.Endpoint, Patience);
        }
    }

    public void Dispose()
    {
        traces?.Dispose();
        metrics?.Dispose();
        link?.Dispose();
    }

    private void Address(OtlpExporterOptions exporter, string signal)
    {
        exporter.Endpoint = settings.AddressOf(signal);
        exporter.Protocol = settings.Protocol == OtelSettings.Grpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;
        exporter.HttpClientFactory = () => new HttpClient(link!, disposeHandler: false) { Timeout = TimeSpan.FromMilliseconds(exporter.TimeoutMilliseconds) };
    }
}
