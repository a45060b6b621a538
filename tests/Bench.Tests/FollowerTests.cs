using System.Net;
using System.Net.Sockets;
using System.Text;
using Modular.Bench.Following;
using Modular.Bench.Http;
using Modular.Bench.Measuring;
using Modular.Testing;

namespace Modular.Bench.Tests;

/// <summary>A subscriber against bytes that are written by hand.</summary>
public sealed class FollowerTests : IDisposable
{
    private const string Upgraded = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n\r\n";

    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly Follower follower;

    public FollowerTests()
    {
        listener.Start();
        var audience = new Audience(Protocol.Socket, "127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port, "/ws/?room=LOBBY", null, 1);
        follower = Follower.Of(audience, 0, new Arrivals(measurement: 1, askers: 1, new Latencies()));
    }

    public void Dispose() => listener.Dispose();

    [Fact]
    public async Task A_ping_is_answered_with_what_it_carried()
    {
        var opening = follower.OpenAsync();
        using var host = await AnswerAsync(Upgraded);
        await opening;

        await host.SendAsync((byte[])[0x89, 3, 1, 2, 3]);

        var pong = new byte[9];
        await host.ReceiveAsync(pong);
        pong.ShouldBe((byte[])[0x8a, 0x83, 0, 0, 0, 0, 1, 2, 3]);
        await follower.DropAsync();
        follower.Cut.ShouldBeNull();
    }

    [Fact]
    public async Task A_hub_hears_nothing_before_the_handshake_and_pings_after_it()
    {
        var hub = Follower.Of(new Audience(Protocol.Hub, "127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port, "/hub", null, 1), 0, follower.Arrivals);
        var opening = hub.OpenAsync();
        using var host = await AnswerAsync("");
        await hub.PingAsync();
        await host.SendAsync(Encoding.Latin1.GetBytes(Upgraded));
        await hub.PingAsync();
        var first = await HeardAsync(host);
        first.ShouldContain("\"protocol\":\"json\"");
        first.ShouldNotContain("\"type\":6");

        await host.SendAsync(Encoding.Latin1.GetBytes("\u0081\u0003{}\u001e"));
        await opening;
        await hub.PingAsync();

        (await HeardAsync(host)).ShouldContain("{\"type\":6}");
        await hub.DropAsync();
    }

    [Fact]
    public async Task What_comes_in_the_same_packet_as_the_answer_is_not_missed()
    {
        var mark = new byte[Mark.Length];
        new Mark(1, 0, 1, 1).Write(mark);
        var text = $$$"""{"msg_type":"newquestion","stream":"s","seq":9,"data":{"body":"{{{Encoding.ASCII.GetString(mark)}}}"}}""";
        text.Length.ShouldBeLessThan(126);

        var opening = follower.OpenAsync();
        using var host = await AnswerAsync($"{Upgraded}\u0081{(char)text.Length}{text}");
        await opening;
        await follower.CaughtUpAsync();

        (follower.Arrivals.Distinct, follower.Arrivals.NewestSeq).ShouldBe((1, 9));
        await follower.DropAsync();
    }

    [Theory]
    [InlineData("\u0088\u0005\u0003\u00f5now", "The host closed a socket: 1013 now.")]
    [InlineData("", "The host closed a subscriber's connection.")]
    public async Task Who_is_cut_says_why(string last, string why)
    {
        var opening = follower.OpenAsync();
        using (await AnswerAsync(Upgraded + last))
            await opening;

        await Eventually.Is(() => follower.Cut is not null);

        follower.Cut.ShouldBe(why);
        await follower.DropAsync();
    }

    [Fact]
    public async Task A_refusal_is_told_as_it_came()
    {
        var opening = follower.OpenAsync();
        using var host = await AnswerAsync("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 4\r\n\r\nfull");

        (await Should.ThrowAsync<HostClosedException>(opening)).Message.ShouldContain("503 Service Unavailable");
    }

    [Fact]
    public void More_sockets_than_files_may_be_open_is_an_error_that_says_what_to_do()
    {
        var limits = Path.GetTempFileName();
        File.WriteAllText(limits, "Limit                     Soft Limit           Hard Limit           Units     \nMax open files            1024                 4096                 files     \n");

        Should.NotThrow(() => FileHandles.Require(700, limits));
        Should.Throw<InvalidOperationException>(() => FileHandles.Require(1000, limits)).Message.ShouldContain("ulimit -n 1300");
        File.Delete(limits);
    }

    /// <summary>Takes the connection and answers its request with these bytes.</summary>
    private async Task<Socket> AnswerAsync(string answer)
    {
        var host = await listener.AcceptSocketAsync(TestContext.Current.CancellationToken);
        (await HeardAsync(host)).ShouldEndWith("\r\n\r\n");
        await host.SendAsync(Encoding.Latin1.GetBytes(answer));
        return host;
    }

    private static async Task<string> HeardAsync(Socket host)
    {
        var heard = new byte[4096];
        return Encoding.Latin1.GetString(heard, 0, await host.ReceiveAsync(heard));
    }
}
