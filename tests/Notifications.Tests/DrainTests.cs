using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Modular.Notifications.Drain;
using Modular.Testing;

namespace Modular.Notifications.Tests;

public sealed class DrainTests
{
    [Fact]
    public async Task Sockets_are_asked_to_leave_in_batches_over_the_window_and_may_come_back_at_different_times()
    {
        await using var server = await LiveServer.StartAsync();
        var clock = new ManualClock();
        var clients = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => server.ConnectAsync()));
        // Whoever has connected has the server's answer, a moment before the server counts them.
        await Eventually.Is(() => server.Sockets.Count == 8);
        var draining = new DrainSockets(
            server.Sockets, Options.Create(new DrainOptions { Window = TimeSpan.FromSeconds(2) }),
            server.Services.GetRequiredService<IHostApplicationLifetime>(), clock, NullLogger<DrainSockets>.Instance).DrainAsync();

        for (var asked = 2; asked <= 8; asked += 2)
        {
            await Eventually.Is(() => Asked(clients) == asked);
            clock.Advance(TimeSpan.FromMilliseconds(499));
            Assert.False(draining.IsCompleted);
            Assert.Equal(asked, Asked(clients));
            clock.Advance(TimeSpan.FromMilliseconds(1));
        }

        await draining.WaitAsync(TimeSpan.FromSeconds(30));
        var returns = clients.Select(c => c.Calls("reconnect").Single()[0].GetInt64()).ToList();
        Assert.All(returns, after => Assert.InRange(after, 0, 2_000));
        Assert.NotEqual(1, returns.Distinct().Count());
        foreach (var client in clients)
            await client.DisposeAsync();
    }

    private static int Asked(HubClient[] clients) => clients.Count(c => c.Calls("reconnect").Count == 1);
}
