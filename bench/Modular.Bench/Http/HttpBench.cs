using Modular.Bench.Measuring;

namespace Modular.Bench.Http;

/// <summary>POST /api/questions of two hosts that differ in the commit alone, asked by the same generator in turns.</summary>
internal sealed class HttpBench : ISurface
{
    private readonly Dictionary<string, (HostProcess Host, Crowd Crowd)> hosts;

    private HttpBench(Dictionary<string, (HostProcess, Crowd)> hosts) => this.hosts = hosts;

    public string Name => "http";

    public static async Task<HttpBench> StartAsync(IReadOnlyList<string> ways, int guests, int rooms)
    {
        var started = new Dictionary<string, (HostProcess, Crowd)>(StringComparer.Ordinal);
        foreach (var way in ways)
        {
            var host = await HostProcess.StartAsync(way);
            started[way] = (host, await Crowd.GatherAsync(host.Address, guests, rooms));
        }

        return new HttpBench(started);
    }

    public async Task<Run> MeasureAsync(Setting setting, string way, int round, double ramp, double seconds)
    {
        var (host, all) = hosts[way];
        var crowd = new Crowd([.. all.Tokens.Take(setting.Callers)], [.. all.Rooms.Take(setting.Streams)]);
        await using var server = await Server.OpenAsync(host.Database.ConnectionString);
        await server.CheckpointAsync();
        var before = await server.CountAsync("questions.question");
        Gauges? began = null;
        Gauges? ended = null;
        var result = await LoadGenerator.StartAsync(
            new LoadPlan(host.Address.Host, host.Address.Port, setting.Callers, ramp, seconds, crowd),
            async () =>
            {
                var window = Window.After(ramp, seconds);
                await window.BeganAsync();
                began = await GaugesAsync(host, server);
                await window.EndedAsync();
                ended = await GaugesAsync(host, server);
            });
        if (result.Oddity is { } oddity)
            throw new InvalidOperationException($"Not every answer was 201: {string.Join(", ", result.Answers.Select(a => $"{a.Key}: {a.Value}"))}; the first was\n{oddity}");
        if (await server.CountAsync("questions.question") - before is var stored && stored != result.Answers[201])
            throw new InvalidOperationException($"{result.Answers[201]} questions were answered 201, the table has {stored} more.");
        ended = ended! with { Generator = result.Processor };
        return ended.Since(began! with { Generator = 0 }, setting, way, round, result.Seconds, result.Latency);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (host, _) in hosts.Values)
            await host.DisposeAsync();
    }

    private static async Task<Gauges> GaugesAsync(HostProcess host, Server server) =>
        await host.GaugesAsync() with { Transactions = await server.TransactionsAsync(), Postgres = server.ProcessorSeconds() };
}
