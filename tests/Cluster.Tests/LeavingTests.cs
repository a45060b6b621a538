using System.Diagnostics;
using Modular.Testing;

namespace Modular.Cluster.Tests;

public sealed class LeavingTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_replica_that_is_told_to_stop_while_its_broker_is_dead_leaves_soon_and_the_other_goes_on_with_what_it_leaves(bool silent)
    {
        await using var replicas = await Replicas.StartAsync(2);
        await replicas.MakeRoomsAsync(1);
        await Eventually.Is(() => IsAllDoneAsync(replicas), TimeSpan.FromSeconds(30));
        if (silent)
        {
            replicas.A.Link.HoldRequests();
            replicas.A.Link.HoldAnswers();
        }
        else
        {
            replicas.A.Link.RefuseNew();
            replicas.A.Link.Cut();
        }

        using (var host = replicas.A.Host.Somebody())
            (await host.Post("/api/rooms", new { title = "Left behind" })).Must(201);
        var told = Stopwatch.GetTimestamp();

        await replicas.A.Host.StopAsync();

        var left = Stopwatch.GetElapsedTime(told);
        output.WriteLine($"left after {left}");
        left.ShouldBeLessThan(TimeSpan.FromSeconds(13));
        (await IsAllDoneAsync(replicas)).ShouldBeFalse();
        replicas.A.Link.Cut();                               // as the end of a process does; what was held never arrives
        await output.TookAsync("taken over", Eventually.Is(() => IsAllDoneAsync(replicas), TimeSpan.FromSeconds(6)));
        await replicas.StopAsync();
    }

    private static async Task<bool> IsAllDoneAsync(Replicas replicas) => await replicas.UndeliveredAsync() == 0 && await replicas.UnhandledAsync() == 0;
}
