using Modular.Kernel.Messaging;

namespace Modular.Notifications.Tests;

/// <summary>Two rooms: the one that is always there, with two streams, and PARTY with one.</summary>
internal sealed class FakeRooms : IRoomStreams, IEventAliases
{
    public const string Lobby = "test/lobby";
    public const string Votes = "test/lobby/votes";
    public const string Party = "test/party";

    public ValueTask<IReadOnlyList<string>> OfAsync(string? room, CancellationToken ct) => ValueTask.FromResult<IReadOnlyList<string>>(room switch
    {
        null => [Lobby, Votes],
        "PARTY" => [Party],
        _ => [],
    });

    public string? Of(string eventType) => eventType == "thing.happened" ? "newthing" : null;
}
