using Microsoft.Extensions.DependencyInjection;
using Modular.Kernel.Messaging.Signals;
using Modular.Testing;

namespace Modular.Cluster.Tests;

public sealed class SignalTests
{
    [Fact]
    public async Task A_signal_of_one_host_is_shown_once_to_those_who_follow_its_stream_on_any()
    {
        await using var database = await TestDatabase.MigratedAsync();
        await using var broker = await TestBroker.CreateAsync();
        await using var a = await Product.StartAsync(database, $"--Bus:Url={broker.Url}");
        await using var b = await Product.StartAsync(database, $"--Bus:Url={broker.Url}");
        await using var here = await HubClient.ConnectAsync(a.Address);
        await using var there = await HubClient.ConnectAsync(b.Address);
        await using var elsewhere = await HubClient.ConnectAsync(b.Address);
        await here.SubscribeAsync(Lobby.Stream);
        await there.SubscribeAsync(Lobby.Stream);
        var signals = a.Services.GetRequiredKeyedService<ISignals>("questions");
        await Eventually.Is(() =>
        {
            signals.Send(Lobby.Stream, "knock", new { });
            return there.Calls("signal").Count > 0;
        }, what: "both hosts are connected");

        // One that comes late is dropped, so more are sent until both have seen one that was sent after another that they have seen.
        var sent = 0;
        await Eventually.Is(
            () =>
            {
                signals.Send(Lobby.Stream, "typing", new { who = $"Ann {sent++}" });
                return new[] { here, there }.All(client => Shown(client, "typing").Count > 1);
            },
            pause: TimeSpan.FromMilliseconds(200));

        foreach (var client in new[] { here, there })
            Shown(client, "typing").ShouldBeUnique();
        there.Calls("signal").ShouldContain(call => call.GetRawText().Contains("\"who\":\"Ann "));
        elsewhere.Calls("signal").ShouldBeEmpty();
    }

    private static IReadOnlyList<string> Shown(HubClient client, string type) => [.. client.Calls("signal").Where(call => call[1].ValueEquals(type)).Select(call => call.GetRawText())];
}
