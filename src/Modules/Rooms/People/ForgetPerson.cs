using Microsoft.Extensions.DependencyInjection;
using Modular.Kernel.Documents;
using Modular.Kernel.Messaging;
using Modular.Rooms.Contracts;
using Modular.Rooms.Joining;
using Modular.Users.Contracts;

namespace Modular.Rooms.People;

/// <summary>
/// Whoever is deleted leaves every room, and those they hosted have no host until somebody opens the host link. A few at a time, each in a commit of its
/// own, so that somebody with thousands of rooms holds nobody up; what is done is not found again.
/// </summary>
internal sealed class ForgetPerson([FromKeyedServices("rooms")] IDocumentStore store) : IEventHandler<UserDeleted>
{
    private const int AtOnce = 50;

    public async Task HandleAsync(UserDeleted happened, EventContext context, CancellationToken ct)
    {
        while (await LeaveAsync(happened.Id, ct) == AtOnce)
        {
        }

        while (await HandBackAsync(happened.Id, ct) == AtOnce)
        {
        }

        await store.ForgetDeadLettersAsync(happened.Id, ct);
    }

    private async Task<int> LeaveAsync(Guid person, CancellationToken ct)
    {
        var work = store.OpenSession();
        var members = await work.QueryAsync<Member>($"where user_id = {person} order by id limit {AtOnce}", ct);
        foreach (var member in members)
        {
            work.Delete(member);
            if (!member.Announced)
                continue;
            work.Redact(RoomStream.Of(member.RoomId), member.Id);
            work.Append(RoomStream.Of(member.RoomId), new MemberLeft(member.Id));
        }

        await work.SaveChangesAsync(ct);
        return members.Count;
    }

    private async Task<int> HandBackAsync(Guid person, CancellationToken ct)
    {
        var work = store.OpenSession();
        var rooms = await work.QueryAsync<Room>($"where host_id = {person} order by id limit {AtOnce}", ct);
        foreach (var room in rooms)
        {
            var left = work.Store(room with { HostId = null });
            work.Redact(RoomStream.Of(room.Id), room.Id);
            work.Append(RoomStream.Of(room.Id), left.As<RoomUpdated>());
        }

        await work.SaveChangesAsync(ct);
        return rooms.Count;
    }
}
