using Microsoft.Extensions.DependencyInjection;
using Modular.Kernel.Messaging.Signals;
using Modular.Testing;

namespace Modular.Cluster.Tests;

public sealed class SignalTests
{
    [Fact]
    public async Task A_signal_of_one_host_is_shown_once_to_those_who_follow_its_stream_on_any()
    {
        await using var database = await TestDatabase.CreateAsync();
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
        }, TimeSpan.FromSeconds(30), "both hosts are connected");

        signals.Send(Lobby.Stream, "typing", new { who = "Ann" });
        signals.Send(Lobby.Stream, "last", new { });

        foreach (var client in new[] { here, there })
        {
            await Eventually.Is(() => Shown(client).Contains("last"));
            Shown(client).Count(type => type == "typing").ShouldBe(1);
        }

        there.Calls("signal").Single(call => call[1].GetString() == "typing").GetRawText().ShouldContain("\"who\":\"Ann\"");
        elsewhere.Calls("signal").ShouldBeEmpty();
    }

    private static IEnumerable<string> Shown(HubClient client) => client.Calls("signal").Select(call => call[1].GetString()!);
}
