using Modular.Kernel.Documents;
using Modular.Kernel.Messaging;
using Modular.Rooms.Contracts;

namespace Modular.Questions.Rooms;

internal sealed class KeepRoomCopy(IDocumentSession session)
    : IEventHandler<RoomOpened>, IEventHandler<RoomUpdated>, IEventHandler<RoomPaused>, IEventHandler<RoomClosed>
{
    public Task HandleAsync(RoomOpened happened, EventContext context, CancellationToken ct) => KeepAsync(happened, context.Seq, ct);

    public Task HandleAsync(RoomUpdated happened, EventContext context, CancellationToken ct) => KeepAsync(happened, context.Seq, ct);

    public Task HandleAsync(RoomPaused happened, EventContext context, CancellationToken ct) => KeepAsync(happened, context.Seq, ct);

    public Task HandleAsync(RoomClosed happened, EventContext context, CancellationToken ct) => KeepAsync(happened, context.Seq, ct);

    private async Task KeepAsync(RoomEvent room, long seq, CancellationToken ct)
    {
        if (room.Code.Length == 0)
            return;     // redacted before it came here; the event that redacted it says all of the room
        var kept = await session.LoadAsync<RoomCopy>(room.Id, ct);
        if (kept?.Seq >= seq)
            return;
        var copy = (kept ?? new RoomCopy { Id = room.Id }) with { State = room.State, Settings = room.Settings, Seq = seq };
        _ = kept is null ? session.Insert(copy) : session.Store(copy);
    }
}
