using Modular.Bench.Generating;
using Modular.Bench.Http;
using Modular.Bench.Measuring;

namespace Modular.Bench.Following;

/// <summary>Subscribers that only stay, a generator process for each lot of them.</summary>
internal sealed class HeldSockets : IAsyncDisposable
{
    private readonly List<GeneratorProcess> generators = [];

    /// <summary>Answers when all are connected and follow.</summary>
    public async Task AddAsync(Audience audience)
    {
        generators.Add(GeneratorProcess.Start());
        await generators[^1].TellAsync(new LoadPlan(audience.Host, audience.Port, Callers: 1, new Crowd([], []), Audience: audience) { Asks = false });
        await generators[^1].HearAsync<string>();
    }

    /// <exception cref="InvalidOperationException">The host has ended some of them meanwhile.</exception>
    public async Task EndAsync()
    {
        var cut = new List<string>();
        foreach (var generator in generators)
        {
            await generator.TellAsync(Window.After(0, 0));
            await generator.HearAsync<long[]>();
            await generator.TellAsync(new long[1]);
            cut.AddRange((await generator.HearAsync<GeneratorResult>()).Received?.Cut ?? []);
        }

        if (cut.Count > 0)
            throw new InvalidOperationException($"The host cut {cut.Count} of the sockets that were to stay: {cut[0]}");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var generator in generators)
            await generator.DisposeAsync();
    }
}
