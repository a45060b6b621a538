using System.Text.Json;
using Modular.Testing;

namespace Modular.Notifications.Tests;

/// <summary>A client of a stream that has stopped reading while the server writes to it: one frame is in flight and waits.</summary>
internal sealed class StoppedReader : IDisposable
{
    /// <summary>How many events the server has for it, 30 KB each: more than sockets buffer, and more than a ring holds.</summary>
    public const int Events = 1_000;

    private readonly RawSocket socket;
    private readonly string stream;

    private StoppedReader(RawSocket socket, string stream) => (this.socket, this.stream) = (socket, stream);

    public static async Task<StoppedReader> FollowAsync(LiveServer server, string stream)
    {
        var reader = new StoppedReader(await RawSocket.ConnectAsync(server.Address), stream);
        await reader.SubscribeAsync(stream, "1");
        await reader.ReadUntilAnswerAsync("1");
        var big = $$"""{"text":"{{new string('x', 30_000)}}"}""";
        for (var i = 0; i < Events; i++)
            server.Sink.Deliver([server.Log.Append(stream, data: big)]);
        var followed = server.Sockets.All.Select(c => c.Find(stream)).First(s => s is not null)!;
        var (before, still) = (-1L, 0);
        await Eventually.Is(() =>
        {
            (before, still) = (followed.Cursor, followed.Cursor == before ? still + 1 : 0);
            return still == 10;
        });
        Assert.InRange(before, 0, Events - 1);
        return reader;
    }

    /// <summary>Asks only; the answer is read like everything else.</summary>
    public Task SubscribeAsync(string name, string id) =>
        socket.SendAsync($$"""{"type":1,"invocationId":"{{id}}","target":"Subscribe","arguments":["{{name}}",null,null]}""");

    /// <summary>Reads on until the stream's event <paramref name="seq"/> has come; everything that came, pings not counted.</summary>
    public Task<List<JsonElement>> ReadUntilAsync(long seq) => ReadUntilAsync(m =>
        Is(m, "events") && m.GetProperty("arguments")[0].GetString() == stream
        && m.GetProperty("arguments")[1].EnumerateArray().Last().GetProperty("seq").GetInt64() >= seq);

    public Task<List<JsonElement>> ReadUntilCallAsync(string target) => ReadUntilAsync(m => Is(m, target));

    public Task<List<JsonElement>> ReadUntilAnswerAsync(string id) =>
        ReadUntilAsync(m => m.TryGetProperty("invocationId", out var answered) && answered.GetString() == id);

    public void Dispose() => socket.Dispose();

    private async Task<List<JsonElement>> ReadUntilAsync(Func<JsonElement, bool> last)
    {
        var read = new List<JsonElement>();
        do
        {
            using var message = JsonDocument.Parse(await socket.ReceiveAsync() ?? throw new InvalidOperationException("The server has closed."));
            if (message.RootElement.GetProperty("type").GetInt32() != 6)
                read.Add(message.RootElement.Clone());
        }
        while (read is [] || !last(read[^1]));
        return read;
    }

    private static bool Is(JsonElement message, string target) =>
        message.TryGetProperty("target", out var called) && called.GetString() == target;
}
