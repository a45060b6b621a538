using Modular.Cluster.Tests.Clients;
using Modular.Testing;

namespace Modular.Cluster.Tests.Ugly;

/// <summary>Clients in a room where nothing happens: what they get comes by the clock, and one of them never answers a ping.</summary>
internal sealed class QuietClients : IAsyncDisposable
{
    private readonly HostedRoom room;
    private readonly PlainSocket socket;
    private readonly PlainSocket silent;
    private readonly EventStream events;

    private QuietClients(HostedRoom room, PlainSocket socket, PlainSocket silent, EventStream events) =>
        (this.room, this.socket, this.silent, this.events) = (room, socket, silent, events);

    /// <summary>The silent one, who came last, has been closed, and the others have not.</summary>
    public bool HaveShownThemselves => silent.IsClosed && events.Blocks.Any(b => b.Comment is not null);

    public static async Task<QuietClients> OpenAsync(Uri host)
    {
        var opened = await HostedRoom.OpenAsync(host);
        var query = $"?room={opened.Code}";
        return new QuietClients(
            opened, await PlainSocket.OpenAsync(host, query), await PlainSocket.OpenAsync(host, query, autoPong: false), await EventStream.OpenAsync(host, [opened.Questions]));
    }

    /// <summary>Whoever answers pings is still there.</summary>
    public async Task GoOnAsync()
    {
        (await silent.ClosedAsync()).Code.ShouldBeOneOf(1006, 1008, 1011);
        silent.Pings.Count.ShouldBeGreaterThanOrEqualTo(5);
        socket.Pings.Count.ShouldBeGreaterThanOrEqualTo(5);
        socket.IsClosed.ShouldBeFalse();
        events.Ended.IsCompleted.ShouldBeFalse();
        await room.AskAsync("Still there?");
        await socket.SeesAsync("newquestion");
        await Eventually.Is(() => events.Numbers(room.Questions).Count == 1);
    }

    public async ValueTask DisposeAsync()
    {
        await socket.DisposeAsync();
        await silent.DisposeAsync();
        await events.DisposeAsync();
        room.Dispose();
    }
}
