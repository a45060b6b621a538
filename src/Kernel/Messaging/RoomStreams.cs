namespace Modular.Kernel.Messaging;

/// <summary>The streams of a module that whoever is in a room follows. Any number of modules have one.</summary>
public interface IRoomStreams
{
    /// <param name="room">Id or code as a person typed it; null: the room that always exists.</param>
    /// <returns>Nothing where there is no such room.</returns>
    ValueTask<IReadOnlyList<string>> OfAsync(string? room, CancellationToken ct);
}
