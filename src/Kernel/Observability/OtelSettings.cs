namespace Modular.Kernel.Observability;

/// <summary><c>Otel:*</c>: where traces and metrics go. Headers a collector wants are in <c>OTEL_EXPORTER_OTLP_HEADERS</c>, as everywhere.</summary>
public sealed class OtelSettings
{
    public const string HttpProtobuf = "http/protobuf";
    public const string Grpc = "grpc";

    /// <summary>An OTLP collector, for example <c>http://collector:4318</c>. Absent: nothing is measured for it and nothing is sent.</summary>
    public string? Endpoint { get; set; }

    /// <summary><c>http/protobuf</c> (port 4318 as a rule) or <c>grpc</c> (4317).</summary>
    public string Protocol { get; set; } = HttpProtobuf;

    /// <summary>The share of requests that are traced, 0 to 1.</summary>
    public double Sampling { get; set; } = 1;

    /// <summary>The most traces begun in a second, whatever the share: a quiet host traces everything, a busy one what it can afford.</summary>
    public int TracesPerSecond { get; set; } = 20;

    /// <summary>Whether a caller's <c>traceparent</c> decides if a request is traced. Off: it names the trace and decides nothing.</summary>
    public bool TrustCallers { get; set; }

    public bool IsOn => !string.IsNullOrEmpty(Endpoint);

    /// <summary>OTLP over HTTP has a path for each signal, over gRPC it has none.</summary>
    internal Uri AddressOf(string signal) =>
        Protocol == Grpc ? new Uri(Endpoint!) : new Uri($"{Endpoint!.TrimEnd('/')}/v1/{signal}");

    internal static bool IsAddress(string? text) =>
        string.IsNullOrEmpty(text)
        || (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url is { Query: "", Fragment: "", UserInfo: "" });
}
