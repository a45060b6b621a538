using System.Globalization;
using Modular.Bench.Following;
using Modular.Bench.Generating;
using Modular.Bench.Http;
using Modular.Bench.Measuring;
using Modular.Bench.Plain;
using Modular.Rooms.Contracts;
using Modular.Testing;
using HostProcess = Modular.Bench.Http.HostProcess;

namespace Modular.Bench.EventPath;

/// <summary>The replicas of one way, each a process, on a database and a virtual host of their own; idle while others are measured.</summary>
internal sealed class Replicas : IAsyncDisposable
{
    private readonly Stack<IAsyncDisposable> ends = [];
    private readonly List<HostProcess> hosts = [];
    private readonly Contestant who;
    private TestDatabase database = null!;
    private Crowd crowd = null!;

    private Replicas(Contestant who) => this.who = who;

    public static async Task<Replicas> StartAsync(Contestant who, int guests)
    {
        var replicas = new Replicas(who);
        try
        {
            await replicas.StartAsync(guests);
            return replicas;
        }
        catch
        {
            await replicas.DisposeAsync();
            throw;
        }
    }

    public async Task<PathRun> MeasureAsync(Load load, int round, double ramp, double seconds)
    {
        await using var server = await Server.OpenAsync(database.ConnectionString);
        await server.CheckpointAsync();
        var stored = await server.CountAsync("questions.question");
        Usage? began = null;
        Usage? ended = null;
        var result = await Generators.RunAsync(Plan(load), processes: 1, ramp, seconds, async window =>
        {
            await window.BeganAsync();
            began = await UsageAsync(server);
            await window.EndedAsync();
            ended = await UsageAsync(server);
        });
        result.MustHaveStored(await server.CountAsync("questions.question") - stored);
        return ended!.Since(began!, load, who, round, result);
    }

    public async ValueTask DisposeAsync()
    {
        while (ends.TryPop(out var end))
            await end.DisposeAsync();
    }

    private async Task StartAsync(int guests)
    {
        ends.Push(database = await TestDatabase.CreateAsync());
        var broker = await TestBroker.CreateAsync();
        ends.Push(broker);
        while (hosts.Count < who.Replicas)
        {
            hosts.Add(await HostProcess.StartAsync(
                who.Way is Ways.Plain ? Ways.PlainBus : who.Way, database, ("Bus__Url", broker.Url), ("Logging__LogLevel__Default", "Warning")));
            ends.Push(hosts[^1]);
        }

        crowd = (await Crowd.GatherAsync(hosts[0].Address, guests, rooms: 0)) with { Rooms = [Lobby.Code] };
    }

    private LoadPlan Plan(Load load)
    {
        var (asked, followed) = (hosts[0].Address, hosts[^1].Address);
        var audience = load.Subscribers == 0 ? null
            : new Audience(Protocol.Hub, followed.Host, followed.Port, who.Way is Ways.Plain ? PlainHub.Path : "/hub", $"questions/{Lobby.Id}", load.Subscribers);
        return new LoadPlan(asked.Host, asked.Port, load.Callers, crowd, load.Rate, audience);
    }

    private async Task<Usage> UsageAsync(Server server) => new(
        await Task.WhenAll(hosts.Select(h => h.GaugesAsync())),
        server.ProcessorSeconds(),
        Environment.GetEnvironmentVariable("MODULAR_TEST_RABBITMQ_PID") is { } pid ? ProcessTimes.Of(int.Parse(pid, CultureInfo.InvariantCulture)) : null,
        ProcessTimes.OfMachine());
}
