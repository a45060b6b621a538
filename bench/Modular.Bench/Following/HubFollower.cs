using System.Text;

namespace Modular.Bench.Following;

/// <summary>Speaks the hub's JSON protocol.</summary>
internal sealed class HubFollower(Audience audience, int number, Arrivals arrivals) : Follower(audience, number, arrivals)
{
    private static readonly byte[] Ping = Frames.Text("{\"type\":6}\u001e");

    public override Task PingAsync() => SendAsync(Ping);

    protected override string Request => RawConnection.Upgrade(Audience.Host, Audience.Port, Audience.Path);

    protected override int ExpectedStatus => 101;

    protected override IMessageReader NewReader() => new FrameReader();

    protected override async Task GreetAsync()
    {
        await SendAsync(Frames.Text("{\"protocol\":\"json\",\"version\":1}\u001e"));
        await ReceiveUntilAsync("{}");
        if (Audience.Stream is not { } stream)
            return;
        await SendAsync(Frames.Text($$"""{"type":1,"invocationId":"1","target":"Subscribe","arguments":["{{stream}}",null,null]}""" + '\u001e'));
        await ReceiveUntilAsync("\"type\":3");
    }

    private async Task ReceiveUntilAsync(string expected)
    {
        while (true)
        {
            while (TryRead(out var message))
            {
                var text = Encoding.UTF8.GetString(message);
                if (text.Contains("\"error\"", StringComparison.Ordinal))
                    throw new HostClosedException($"The hub refused a subscriber: {text}");
                if (text.Contains(expected, StringComparison.Ordinal))
                    return;
            }

            await ReceiveAsync();
        }
    }
}
