using System.Text.Json;
using Modular.Testing;

namespace Modular.Notifications.Tests;

/// <summary>A client of a stream that has stopped reading while the server writes to it: one frame is in flight and waits.</summary>
internal sealed class StoppedReader : IDisposable
{
    /// <summary>How many events the server has for it.</summary>
    public const int Events = Flood.Events;

    private readonly RawSocket socket;
    private readonly string stream;

    private StoppedReader(RawSocket socket, string stream) => (this.socket, this.stream) = (socket, stream);

    /// <param name="others">What it follows too, with as many events.</param>
    public static Task<StoppedReader> FollowAsync(LiveServer server, string stream, params string[] others) => FollowAsync(server, user: null, stream, others);

    public static async Task<StoppedReader> FollowAsync(LiveServer server, Guid? user, string stream, params string[] others)
    {
        var reader = new StoppedReader(await RawSocket.ConnectAsync(server.Address, user is null ? "" : $"access_token={user}"), stream);
        string[] all = [stream, .. others];
        foreach (var name in all)
        {
            await reader.SubscribeAsync(name, name);
            await reader.ReadUntilAnswerAsync(name);
        }

        await Flood.UntilStuckAsync(server, all);
        return reader;
    }

    public Task SendAsync(string message) => socket.SendAsync(message);

    /// <summary>Asks only; the answer is read like everything else.</summary>
    public Task SubscribeAsync(string name, string id) => SendAsync(HubCalls.Subscribe(id, name));

    /// <summary>Reads on until <paramref name="last"/> has come; everything that came, pings not counted.</summary>
    public Task<List<JsonElement>> ReadUntilAsync(Func<JsonElement, bool> last) => socket.ReadUntilAsync(last);

    public Task<List<JsonElement>> ReadUntilAsync(long seq) => ReadUntilAsync(m => m.Reaches(stream, seq));

    public Task<List<JsonElement>> ReadUntilCallAsync(string target) => ReadUntilAsync(m => m.Calls(target));

    public Task<List<JsonElement>> ReadUntilAnswerAsync(string id) => ReadUntilAsync(m => m.Answers(id));

    public void Dispose() => socket.Dispose();
}
