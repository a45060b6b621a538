using Microsoft.AspNetCore.SignalR;

namespace Modular.Notifications.Tests;

/// <summary>Holds the answers of hub methods back between deciding and writing.</summary>
internal sealed class LateAnswers : IHubFilter
{
    private readonly TaskCompletionSource decided = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource gate = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Decided => decided.Task;

    public void Write() => gate.SetResult();

    public async ValueTask<object?> InvokeMethodAsync(HubInvocationContext invocationContext, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        var answer = await next(invocationContext);
        decided.TrySetResult();
        await gate.Task;
        return answer;
    }
}
