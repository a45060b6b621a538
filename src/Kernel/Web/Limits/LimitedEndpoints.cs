using Microsoft.AspNetCore.Http;

namespace Modular.Kernel.Web.Limits;

/// <summary>
/// Stops requests over a limit before their bodies are read. Where a caller without credentials would become a guest, what counts is
/// the budget for making guests: it is taken when the guest is made, and here is looked at, so that a flood costs no more than that.
/// </summary>
internal sealed class LimitedEndpoints(RequestDelegate next, RateLimits limits)
{
    public Task InvokeAsync(HttpContext http)
    {
        var metadata = http.GetEndpoint()?.Metadata;
        if (metadata?.GetMetadata<GuestsAllowedMetadata>() is not null && Caller.From(http.User) is null && !limits.HasLeft(http, RateLimits.Guests, out var refused))
            return refused.ExecuteAsync(http);
        return metadata?.GetMetadata<LimitMetadata>() is { } limit && !limits.TryTake(http, limit.Name, out refused)
            ? refused.ExecuteAsync(http)
            : next(http);
    }
}
