using Modular.Bench.Generating;
using Modular.Bench.Measuring;

namespace Modular.Bench.EventPath;

/// <summary>What everybody has used up to one instant; processor times in seconds.</summary>
internal sealed record Usage(IReadOnlyList<HostGauges> Hosts, double? Postgres, double? Broker, double? Machine)
{
    public PathRun Since(Usage began, Load load, Contestant who, int round, LoadResult result)
    {
        double[] hosts = [.. Hosts.Zip(began.Hosts, (now, before) => now.Processor - before.Processor)];
        var (postgres, broker) = (Postgres - began.Postgres, Broker - began.Broker);
        var (now, before) = (Hosts[0], began.Hosts[0]);
        return new PathRun(
            load, who, round, result.Seconds, result.Rate, result.Latency, result.Delivery,
            Each(now.Sessions - before.Sessions, now.Commits - before.Commits),
            now.Messages - before.Messages,
            Each(now.Events - before.Events, now.Messages - before.Messages),
            hosts, postgres, broker, result.Processor, Machine - began.Machine - postgres - broker - hosts.Sum() - result.Processor,
            [.. Hosts.Select(h => h.Memory / 1048576.0)]);
    }

    private static double? Each(long members, long batches) => batches == 0 ? null : members / (double)batches;
}
