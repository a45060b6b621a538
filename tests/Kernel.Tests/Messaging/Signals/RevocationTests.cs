using Microsoft.Extensions.DependencyInjection;
using Modular.Kernel.Messaging.Signals;
using Modular.Kernel.Web;
using Modular.Testing;

namespace Modular.Kernel.Tests.Messaging.Signals;

public sealed class RevocationTests
{
    [Fact]
    public async Task That_sessions_ended_is_heard_here_at_once_and_on_every_other_replica_but_on_no_wire()
    {
        await using var here = await SignalHost.StartAsync();
        await using var there = await SignalHost.StartAsync();
        Guid[] ended = [.. Enumerable.Range(0, 250).Select(_ => Guid.NewGuid())];

        here.Services.GetRequiredService<IRevocations>().SessionsChanged(ended);

        Assert.Equal(ended, here.Revoked.Heard);
        await Eventually.Is(() => here.Broker.Published.Count == 3);
        foreach (var signal in here.Broker.Published)
            there.Receive(signal);
        Assert.Equal(ended, there.Revoked.Heard);
        Assert.Empty(there.Broker.Published);
        Assert.Empty(here.Sink.Signals.Concat(there.Sink.Signals));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[1]")]
    [InlineData("{")]
    public async Task A_hint_that_cannot_be_read_harms_nobody(string data)
    {
        await using var host = await SignalHost.StartAsync();

        host.Receive(new SignalMessage(Revocations.Stream, "sessions.ended", System.Text.Encoding.UTF8.GetBytes(data)));

        Assert.Empty(host.Revoked.Heard);
    }
}
