using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Modular.Kernel.Messaging.Signals;
using Modular.Kernel.Modules;
using Modular.Testing;

namespace Modular.Kernel.Tests.Messaging.Signals;

public sealed class SignalTests
{
    [Fact]
    public async Task A_signal_reaches_the_sockets_of_this_process_at_once_with_its_data_as_json()
    {
        await using var host = await SignalHost.StartAsync(alone: true);

        host.Send("typing", data: new { Who = "Ann", At = new DateTimeOffset(2026, 1, 1, 1, 0, 0, TimeSpan.FromHours(1)) });

        var sent = Assert.Single(host.Sink.Signals);
        Assert.Equal(("shop/a", "typing"), (sent.Stream, sent.Type));
        Assert.Equal("""{"who":"Ann","at":"2026-01-01T00:00:00Z"}""", Encoding.UTF8.GetString(sent.Data.Span));
    }

    [Theory]
    [InlineData("shop/a")]
    [InlineData("kernel/revocations")]
    public async Task Only_the_module_that_owns_a_stream_sends_on_it(string stream)
    {
        await using var host = await SignalHost.StartAsync();

        Assert.Throws<InvalidOperationException>(() => host.Send("typing", stream, module: "ledger"));

        Assert.Empty(host.Sink.Signals);
    }

    [Fact]
    public async Task An_endpoint_or_handler_gets_the_signals_of_its_module()
    {
        await using var host = await SignalHost.StartAsync();
        using var scope = host.Services.CreateScope();
        Assert.Throws<InvalidOperationException>(() => scope.ServiceProvider.GetRequiredService<ISignals>());
        scope.ServiceProvider.GetRequiredService<ModuleScope>().Module = "shop";

        scope.ServiceProvider.GetRequiredService<ISignals>().Send("shop/a", "typing", new { });

        Assert.Single(host.Sink.Signals);
    }

    [Fact]
    public async Task A_signal_goes_to_the_other_replicas_and_one_from_there_is_shown_here_only()
    {
        await using var host = await SignalHost.StartAsync();

        host.Receive(new SignalMessage("shop/a", "theirs", "{}"u8.ToArray()));
        host.Send("ours");

        await Eventually.Is(() => host.Broker.Published.Count > 0);
        Assert.Equal(["ours"], host.Broker.Types);
        Assert.Equal(["theirs", "ours"], host.Sink.Signals.Select(s => s.Type));
    }

    [Fact]
    public async Task A_sink_that_throws_stops_neither_the_caller_nor_the_way_to_the_other_replicas()
    {
        await using var host = await SignalHost.StartAsync();
        host.Sink.Fails = true;

        host.Send("typing");

        await Eventually.Is(() => host.Broker.Published.Count == 1);
    }
}
