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

    /// <summary>Whether it is so and stays so for 200 ms: for what goes by by itself unless something holds it.</summary>
    public static async Task<bool> IsStill(Func<bool> fact)
    {
        for (var looks = 0; looks < 10; looks++)
        {
            if (!fact())
                return false;
            await Task.Delay(20, CancellationToken.None);
        }

        return true;
    }

    public static Task Is(Func<Task<bool>> fact, TimeSpan? within = null, [CallerArgumentExpression(nameof(fact))] string what = "") =>
        Returns(what, async () => await fact() ? "" : null, within);

    public static Task Is(Func<bool> fact, TimeSpan? within = null, [CallerArgumentExpression(nameof(fact))] string what = "") =>
        Returns(what, () => Task.FromResult(fact() ? "" : null), within);
}
