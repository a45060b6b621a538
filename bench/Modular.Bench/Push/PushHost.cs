using Modular.Bench.Generating;
using Modular.Bench.Http;
using Modular.Bench.Measuring;
using Modular.Rooms.Contracts;

namespace Modular.Bench.Push;

/// <summary>One way on a host process, which is idle while others are measured.</summary>
internal sealed class PushHost(PushWay way, MeasuredHost host, int callers)
{
    public async Task<PushRun> MeasureAsync(PushLoad load, int round, int processes, double ramp, double seconds)
    {
        await using var server = await Server.OpenAsync(host.Database.ConnectionString);
        await server.CheckpointAsync();
        var stored = await server.CountAsync("questions.question");
        var plan = new LoadPlan(host.Address.Host, host.Address.Port, callers, host.Crowd with { Rooms = [Lobby.Code] }, load.Rate, way.Audience(host.Address, load.Subscribers, await server.HeadAsync(PushWay.Questions)));
        PushUsage? began = null;
        PushUsage? ended = null;
        var result = await Generators.RunAsync(plan, processes, ramp, seconds, async window =>
        {
            await window.BeganAsync();
            began = await UsageAsync(server);
            await window.EndedAsync();
            ended = await UsageAsync(server);
        });
        result.MustHaveStored(await server.CountAsync("questions.question") - stored);
        return ended!.Since(began!, way, load, round, result);
    }

    private async Task<PushUsage> UsageAsync(Server server) => new(await host.Process.GaugesAsync(), server.ProcessorSeconds(), ProcessTimes.OfMachine());
}

/// <summary>What everybody has used up to one instant; processor times in seconds.</summary>
internal sealed record PushUsage(HostGauges Host, double? Postgres, double? Machine)
{
    public PushRun Since(PushUsage began, PushWay way, PushLoad load, int round, LoadResult result)
    {
        var (host, postgres) = (Host.Processor - began.Host.Processor, Postgres - began.Postgres);
        return new PushRun(
            way.Name, load, round, result.Seconds, result.Rate, result.Latency, result.Delivery!, host, postgres, result.Processor,
            Machine - began.Machine - postgres - host - result.Processor,
            Host.Memory / 1048576.0, (Host.Allocated - began.Host.Allocated) / 1048576.0);
    }
}
