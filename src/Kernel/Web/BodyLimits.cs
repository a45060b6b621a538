using Microsoft.AspNetCore.Builder;

namespace Modular.Kernel.Web;

/// <summary>On an endpoint: the largest body it takes, in bytes, instead of <see cref="LimitSettings.Body"/>.</summary>
public sealed record BodyLimitMetadata(long Bytes);

public static class BodyLimits
{
    /// <summary>A body over <paramref name="bytes"/> is refused with 413, chunked ones included.</summary>
    public static TBuilder WithBodyLimit<TBuilder>(this TBuilder endpoint, long bytes) where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new BodyLimitMetadata(bytes));
}
