using Modular.Testing;

namespace Modular.Cluster.Tests;

public sealed class LeavingTests(ITestOutputHelper output)
{
    private const string TookOver = "Took over 1 undelivered events of rooms";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_replica_that_is_told_to_stop_while_its_broker_is_dead_leaves_soon_and_the_other_goes_on_with_what_it_leaves(bool silent)
    {
        await using var replicas = await Replicas.StartAsync(2);
        await replicas.MakeRoomsAsync(1);
        await Eventually.Is(() => IsAllDoneAsync(replicas));
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
        replicas.B.Host.Log.ShouldNotContain(TookOver);

        // Up to five seconds each for what is to be told, for what is being handled and to say goodbye; and those of a busy machine.
        await output.TookAsync("left", replicas.A.Host.StopAsync());

        (await replicas.OwnersAsync("rooms")).Length.ShouldBe(1, "it said that it leaves, so nobody waits for a sign of life");
        replicas.A.Link.Cut();                               // as the end of a process does; what was held never arrives
        await output.TookAsync("taken over", Eventually.Is(() => IsAllDoneAsync(replicas)));
        await Eventually.Is(() => replicas.B.Host.Log.Contains(TookOver, StringComparison.Ordinal));
        await replicas.StopAsync();
    }

    private static async Task<bool> IsAllDoneAsync(Replicas replicas) => await replicas.UndeliveredAsync() == 0 && await replicas.UnhandledAsync() == 0;
}
