using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Logging;

namespace Modular.Notifications.Sockets;

/// <summary>What clients call; docs/wire.md §3. Errors are <c>code: sentence</c>.</summary>
internal sealed class LiveHub(Subscribing subscribing, Rights rights, ILogger<LiveHub> logger) : Hub
{
    public Task<SubscribeAnswer> Subscribe(string? stream, long? after, string? epoch) =>
        AnswerAsync(() => subscribing.SubscribeAsync(HubLifetime.Of(Context), stream, after, epoch, Context.ConnectionAborted));

    public Task Unsubscribe(string? stream) => AnswerAsync(async () =>
    {
        await Subscribing.UnsubscribeAsync(HubLifetime.Of(Context), stream);
        return true;
    });

    public Task Authenticate(string? token) => AnswerAsync(async () =>
    {
        if (!HubLifetime.Of(Context).Rate.Take())
            throw new ClientErrorException("rate-limited", "That is more than 20 calls a second. Wait a second.");
        await rights.AuthenticateAsync(HubLifetime.Of(Context), token, Context.ConnectionAborted);
        return true;
    });

    private async Task<T> AnswerAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (ClientErrorException e)
        {
            throw new HubException($"{e.Code}: {e.Message}", e);
        }
        catch (Exception e) when (!Context.ConnectionAborted.IsCancellationRequested)
        {
            logger.LogWarning(e, "A hub call of connection {Connection} failed", Context.ConnectionId);
            throw new HubException("unavailable: This cannot be answered now. Try again in a moment.", e);
        }
    }
}
