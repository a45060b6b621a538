using System.Globalization;
using Modular.Bench.Following;
using Modular.Bench.Plain;
using Modular.Rooms.Contracts;

namespace Modular.Bench.Push;

/// <summary>A way from a question to its subscribers: which host, and how it is followed.</summary>
internal sealed record PushWay(string Name, string Host, Protocol Protocol, string Path, string? Stream)
{
    public const string Plain = "plain";

    public static readonly string Questions = $"questions/{Lobby.Id}";

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

    /// <param name="head">
    /// Of the questions: a plain socket is open before it follows, so one that must miss nothing says from where. The others are told when they follow.
    /// </param>
    public Audience Audience(Uri host, int size, long head) => new(
        Protocol, host.Host, host.Port, Protocol is Protocol.Socket ? string.Create(CultureInfo.InvariantCulture, $"{Path}&after={Questions}@{head}") : Path, Stream, size);
}
