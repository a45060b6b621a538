using System.Globalization;
using Modular.Bench.Following;
using Modular.Bench.Http;
using Modular.Bench.Measuring;
using Modular.Bench.Push;

namespace Modular.Bench.Idle;

/// <summary>A host process of its own for one way, filled with connections step by step.</summary>
internal sealed class IdleHost(PushWay way, MeasuredHost host) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    private const int Polls = 8;

    public static async Task<IdleHost> StartAsync(PushWay way, int most) => new(way, await MeasuredHost.StartAsync(
        way.Host, guests: 1, rooms: 0, ("Logging__LogLevel__Default", "Warning"), ("Modules__Notifications__MostSockets", (most + 100).ToString(CultureInfo.InvariantCulture)),
        ("Modules__Notifications__MostSocketsPerAddress", (most + 100).ToString(CultureInfo.InvariantCulture))));

    /// <param name="steps">Up to how many connections each goes.</param>
    /// <param name="poll">How often the memory is read until it has settled.</param>
    public async Task<IdleRun> MeasureAsync(IReadOnlyList<int> steps, double seconds, TimeSpan poll)
    {
        await using (var warmUp = new HeldSockets())
        {
            await warmUp.AddAsync(way.Audience(host.Address, Math.Min(500, steps[0]), head: 0));
            await warmUp.EndAsync();
        }

        var bare = await SettledAsync(0, poll);
        await using var held = new HeldSockets();
        var filled = new List<IdleStep>();
        foreach (var step in steps)
        {
            var before = filled is [] ? 0 : filled[^1].Connections;
            await held.AddAsync(way.Audience(host.Address, step - before, head: 0) with { First = before });
            filled.Add(await SettledAsync(step, poll));
        }

        var run = await CountAsync(bare, filled, seconds);
        await held.EndAsync();
        return run;
    }

    public ValueTask DisposeAsync() => host.DisposeAsync();

    /// <summary>Memory has settled when it has stayed within a megabyte for some polls.</summary>
    internal static bool IsSteady(IReadOnlyList<long> polled) =>
        polled.Count >= Polls && polled.TakeLast(Polls).ToArray() is var last && last.Max() - last.Min() < 1 << 20;

    private async Task<IdleStep> SettledAsync(int connections, TimeSpan poll)
    {
        using var patience = new CancellationTokenSource(Patience);
        var polled = new List<long>();
        while (!IsSteady(polled) && !patience.IsCancellationRequested)
        {
            await Task.Delay(poll, CancellationToken.None);
            polled.Add((await host.Process.GaugesAsync()).Memory);
        }

        var collected = await host.Process.GaugesAsync(collect: true);
        return new IdleStep(connections, polled[^1], collected.Memory, collected.Heap);
    }

    private async Task<IdleRun> CountAsync(IdleStep bare, List<IdleStep> filled, double seconds)
    {
        await using var server = await Server.OpenBesideAsync(host.Database.ConnectionString);
        async Task<(double Host, double? Postgres, double? Machine, long Committed)> NowAsync() =>
            ((await host.Process.GaugesAsync()).Processor, server.ProcessorSeconds(), ProcessTimes.OfMachine(), await server.CommittedInAsync(host.Database.Name));
        var began = await NowAsync();
        await Window.After(0, seconds).EndedAsync();
        var ended = await NowAsync();
        var (used, postgres) = (ended.Host - began.Host, ended.Postgres - began.Postgres);
        return new IdleRun(way.Name, bare, filled, seconds, used, postgres, ended.Machine - began.Machine - used - postgres, ended.Committed - began.Committed);
    }
}
