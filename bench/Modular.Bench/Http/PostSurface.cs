using Modular.Bench.Generating;
using Modular.Bench.Measuring;

namespace Modular.Bench.Http;

/// <summary>POST /api/questions of two hosts that differ in the commit alone, asked by the same generator in turns.</summary>
internal sealed class PostSurface : ISurface
{
    private readonly Dictionary<string, MeasuredHost> hosts;

    private PostSurface(Dictionary<string, MeasuredHost> hosts) => this.hosts = hosts;

    public static async Task<PostSurface> StartAsync(IReadOnlyList<string> ways, int guests, int rooms)
    {
        var started = await Task.WhenAll(ways.Select(way => MeasuredHost.StartAsync(way, guests, rooms)));
        return new PostSurface(ways.Zip(started).ToDictionary(w => w.First, w => w.Second, StringComparer.Ordinal));
    }

    public async Task<Run> MeasureAsync(Setting setting, string way, int round, double ramp, double seconds)
    {
        var host = hosts[way];
        var crowd = new Crowd([.. host.Crowd.Tokens.Take(setting.Callers)], [.. host.Crowd.Rooms.Take(setting.Streams)]);
        await using var server = await Server.OpenAsync(host.Database.ConnectionString);
        await server.CheckpointAsync();
        var before = await server.CountAsync("questions.question");
        Gauges? began = null;
        Gauges? ended = null;
        var result = await Generators.RunAsync(
            new LoadPlan(host.Address.Host, host.Address.Port, setting.Callers, crowd, setting.Rate), processes: 1, ramp, seconds,
            async window =>
            {
                await window.BeganAsync();
                began = await GaugesAsync(host.Process, server);
                await window.EndedAsync();
                ended = await GaugesAsync(host.Process, server);
            });
        result.MustHaveStored(await server.CountAsync("questions.question") - before);
        ended = ended! with { Generator = result.Processor };
        return ended.Since(began! with { Generator = 0 }, setting, way, round, result.Seconds, result.Rate, result.Latency);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in hosts.Values)
            await host.DisposeAsync();
    }

    private static async Task<Gauges> GaugesAsync(HostProcess host, Server server)
    {
        var own = await host.GaugesAsync();
        return new Gauges(await server.TransactionsAsync(), own.Sessions, own.Commits, own.Processor, null, server.ProcessorSeconds(), own.Allocated);
    }
}
