using Modular.Notifications.Sockets;
using Modular.Testing;

namespace Modular.Notifications.Tests;

public sealed class PumpQueueTests
{
    private readonly PumpQueue queue = new();

    [Fact]
    public async Task Everything_that_is_added_is_run_however_many_add_at_once()
    {
        const int Each = 20_000;
        var run = 0;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < Each; i++)
                queue.Add(new Item(() => Interlocked.Increment(ref run)));
        })));
        await Eventually.Is(() => Volatile.Read(ref run) == 8 * Each);
    }

    [Fact]
    public async Task Others_in_the_pool_get_their_turn_between_them()
    {
        // Each takes a while: all of them together several seconds, a turn of them some milliseconds.
        var left = 20_000;
        for (var i = left; i > 0; i--)
        {
            queue.Add(new Item(() =>
            {
                Thread.SpinWait(2_000);
                Interlocked.Decrement(ref left);
            }));
        }

        for (var step = 0; step < 5; step++)
            await Task.Run(() => { });

        Assert.True(Volatile.Read(ref left) > 0, "A request waited behind all of them.");
        await Eventually.Is(() => Volatile.Read(ref left) == 0, TimeSpan.FromSeconds(60));
    }

    private sealed class Item(Action act) : IThreadPoolWorkItem
    {
        public void Execute() => act();
    }
}
