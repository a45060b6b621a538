using Microsoft.Extensions.Logging.Abstractions;
using Modular.Kernel.Messaging;
using Modular.Testing;

namespace Modular.Kernel.Tests.Messaging;

public sealed class CanaryTests : IAsyncDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);
    private readonly ManualClock clock = new();
    private readonly HeldTransport broker = new();
    private readonly CancellationTokenSource stop = new();
    private readonly Task running;

    public CanaryTests() => running = new Canary(["shop", "ledger"], broker, clock, NullLogger.Instance).RunUntilAsync(stop.Token);

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stop.Dispose();
    }

    [Fact]
    public async Task An_empty_batch_of_every_module_goes_out_at_once_and_every_five_seconds()
    {
        Assert.Equal(["shop", "ledger"], broker.Published.Select(p => p.Module));
        Assert.Empty(broker.Rows);

        for (var round = 2; round <= 4; round++)
        {
            clock.Advance(Every);
            await Eventually.Is(() => broker.Published.Count == 2 * round);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_broker_that_takes_none_ends_nothing_whatever_it_fails_with(bool foreseen)
    {
        broker.Fails = foreseen ? new UnpublishedException("The broker is away.") : new ObjectDisposedException("channel");
        clock.Advance(Every);
        await Eventually.Is(() => broker.Begun == 4);
        broker.Fails = null;

        await Eventually.Is(() =>
        {
            clock.Advance(Every);
            return broker.Published.Count > 2;
        });
    }
}
