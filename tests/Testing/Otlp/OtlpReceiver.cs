using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Modular.Testing.Otlp;

/// <summary>A collector on a loopback port that keeps what it gets (OTLP over HTTP, protobuf).</summary>
public sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly ConcurrentQueue<byte[]> requests = new();
    private readonly ConcurrentQueue<ReceivedSpan> spans = new();
    private readonly ConcurrentDictionary<(string Instance, string Name), ReceivedMetric> metrics = new();
    private readonly WebApplication app;

    private OtlpReceiver()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        app = builder.Build();
        app.MapPost("/v1/traces", (HttpRequest request) => TakeAsync(request, body =>
        {
            foreach (var span in ReceivedSpan.In(body))
                spans.Enqueue(span);
        }));
        app.MapPost("/v1/metrics", (HttpRequest request) => TakeAsync(request, body =>
        {
            foreach (var metric in ReceivedMetric.In(body))
                metrics[(metric.Instance, metric.Name)] = metric;
        }));
    }

    public Uri Address => new(app.Urls.Single());

    public IReadOnlyList<ReceivedSpan> Spans => [.. spans];

    public IReadOnlyList<ReceivedMetric> Metrics => [.. metrics.Values];

    /// <summary>Everything that came, as the text that is in it.</summary>
    public string Text => string.Join('\n', requests.Select(Encoding.UTF8.GetString));

    /// <summary>What makes a host send here, and soon.</summary>
    public (string Key, string Value)[] Settings =>
    [
        ("Otel__Endpoint", Address.ToString()), ("Otel__TracesPerSecond", "1000"),
        ("OTEL_BSP_SCHEDULE_DELAY", "100"), ("OTEL_METRIC_EXPORT_INTERVAL", "200"),
    ];

    public static async Task<OtlpReceiver> StartAsync()
    {
        var receiver = new OtlpReceiver();
        await receiver.app.StartAsync();
        return receiver;
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }

    private async Task<IResult> TakeAsync(HttpRequest request, Action<ReadOnlyMemory<byte>> keep)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        requests.Enqueue(body.ToArray());
        keep(body.ToArray());
        return TypedResults.Bytes(ReadOnlyMemory<byte>.Empty, "application/x-protobuf");
    }
}
