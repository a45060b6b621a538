using System.Runtime.CompilerServices;

namespace Modular.Testing;

/// <summary>Waits for a fact, never for a second; a failure says what never happened.</summary>
public static class Eventually
{
    public static async Task<T> Returns<T>(string what, Func<Task<T?>> probe, TimeSpan? within = null) where T : class
    {
        using var limit = new CancellationTokenSource(within ?? TimeSpan.FromSeconds(10));
        while (!limit.IsCancellationRequested)
        {
            if (await probe() is { } found)
                return found;
            await Task.Delay(20, CancellationToken.None);
        }

        throw new TimeoutException($"Never happened: {what}");
    }

    public static Task Is(Func<Task<bool>> fact, TimeSpan? within = null, [CallerArgumentExpression(nameof(fact))] string what = "") =>
        Returns(what, async () => await fact() ? "" : null, within);

    public static Task Is(Func<bool> fact, TimeSpan? within = null, [CallerArgumentExpression(nameof(fact))] string what = "") =>
        Returns(what, () => Task.FromResult(fact() ? "" : null), within);
}
