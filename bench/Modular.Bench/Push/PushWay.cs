using Modular.Bench.Following;
using Modular.Bench.Plain;
using Modular.Rooms.Contracts;

namespace Modular.Bench.Push;

/// <summary>A way from a question to its subscribers: which host, and how it is followed.</summary>
internal sealed record PushWay(string Name, string Host, Protocol Protocol, string Path, string? Stream)
{
    public const string Plain = "plain";

    private static readonly string Questions = $"questions/{Lobby.Id}";

    public static IReadOnlyList<PushWay> All { get; } =
    [
        new("hub", Ways.Product, Protocol.Hub, "/hub", Questions),
        new("ws", Ways.Product, Protocol.Socket, $"/ws/?room={Lobby.Code}", null),
        new("sse", Ways.Product, Protocol.Events, $"/api/notifications/sse?stream={Questions}", null),
        new(Plain, Ways.PlainPush, Protocol.Hub, PlainHub.Path, Questions),
    ];

    /// <exception cref="ArgumentException">There is no such way.</exception>
    public static PushWay Named(string name) => All.FirstOrDefault(w => w.Name == name)
        ?? throw new ArgumentException($"There is no way '{name}'; there are {string.Join(", ", All.Select(w => w.Name))}.");

    public Audience Audience(Uri host, int size) => new(Protocol, host.Host, host.Port, Path, Stream, size);
}
