using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Modular.Kernel.Modules;
using Modular.Kernel.Web.Limits;
using Modular.Rooms.Contracts;
using Modular.Rooms.Creating;
using Modular.Rooms.Hosting;
using Modular.Rooms.Joining;
using Modular.Rooms.People;
using Modular.Rooms.Roles;
using Modular.Rooms.States;
using Modular.Users.Contracts;

namespace Modular.Rooms;

/// <summary>Where people meet: rooms with a short code, their host and whether they are open.</summary>
public sealed class RoomsModule : IModule
{
    public string Name => "rooms";

    public void AddServices(IHostApplicationBuilder host)
    {
        host.AddModuleStore(this, store => store
            .Document<Room>(table => table
                .Column(r => r.Code).Column(r => r.HostId).Column(r => r.HostLinkHash)
                .Unique("code", r => r.Code)
                .Unique("host_link", r => r.HostLinkHash)
                .Index("by_host", "host_id"))
            .Document<Member>(table => table
                .Column(m => m.RoomId).Column(m => m.UserId)
                .Index("by_user", "user_id", "room_id")
                .Index("by_room", "room_id", "created_at", "id"))
            .Event<MemberRoleChanged>().Event<MemberLeft>()
            .Event<RoomOpened>().Event<RoomUpdated>().Event<RoomPaused>().Event<RoomClosed>()
            .PersonalData<HeldOfPerson>()
            .Streams<RoomStreams>().RoomStreams<StreamsOfRoom>()
            .Handle<UserDeleted, ForgetPerson>()
            .Seed<LobbySeed>());
        host.AddLimit("rooms", LimitBy.Person, permits: 60, per: TimeSpan.FromHours(1));
        host.Services.AddSingleton<IRooms, RoomAnswers>().AddSingleton<HostLink>();
    }

    public void MapEndpoints(IEndpointRouteBuilder routes)
    {
        var rooms = routes.MapGroup("").WithTags("Rooms");
        CreateRoom.Map(rooms);
        MyRooms.Map(rooms);
        GetRoom.Map(rooms);
        EnterRoom.Map(rooms);
        ChangeRoomState.Map(rooms);
        AcceptLink.Map(rooms);
        ListMembers.Map(rooms);
        GiveRole.Map(rooms);
    }
}
