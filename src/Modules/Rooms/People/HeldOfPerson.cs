using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using Modular.Kernel.Documents;
using Modular.Kernel.Modules;
using Modular.Rooms.Contracts;
using Modular.Rooms.Joining;

namespace Modular.Rooms.People;

/// <summary>The rooms a person hosts and those they have entered.</summary>
internal sealed class HeldOfPerson([FromKeyedServices("rooms")] IDocumentStore store) : IPersonalData
{
    private const int RoomsAtOnce = 200;

    internal sealed record Held(IAsyncEnumerable<HeldRoom> Hosted, IAsyncEnumerable<HeldMembership> Entered);

    internal sealed record HeldRoom(Guid Id, string Code, string Title, RoomState State, RoomSettings Settings, DateTimeOffset CreatedAt);

    internal sealed record HeldMembership(Guid RoomId, string? Code, string? Title, RoomRole Role, DateTimeOffset EnteredAt);

    public ValueTask<object> OfAsync(Guid person, CancellationToken ct) => ValueTask.FromResult<object>(new Held(
        store.ReadAllAsync<Room>((after, most) => $"where host_id = {person} and id > {after} order by id limit {most}", ct)
            .Select(r => new HeldRoom(r.Id, r.Code, r.Title, r.State, r.Settings, r.CreatedAt)),
        EnteredAsync(person, ct)));

    private async IAsyncEnumerable<HeldMembership> EnteredAsync(Guid person, [EnumeratorCancellation] CancellationToken ct)
    {
        var members = store.ReadAllAsync<Member>((after, most) => $"where user_id = {person} and id > {after} order by id limit {most}", ct);
        await foreach (var some in members.Chunk(RoomsAtOnce).WithCancellation(ct))
        {
            var rooms = (await store.OpenSession().QueryAsync<Room>($"where id = any({some.Select(m => m.RoomId).ToArray()})", ct)).ToDictionary(r => r.Id);
            foreach (var member in some)
            {
                var room = rooms.GetValueOrDefault(member.RoomId);
                yield return new HeldMembership(member.RoomId, room?.Code, room?.Title, member.Role, member.CreatedAt);
            }
        }
    }
}
