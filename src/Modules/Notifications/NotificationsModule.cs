using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Modular.Kernel.Documents;
using Modular.Kernel.Messaging;
using Modular.Kernel.Modules;
using Modular.Kernel.Web;
using Modular.Notifications.Contracts;
using Modular.Notifications.Drain;
using Modular.Notifications.Frames;
using Modular.Notifications.Personal;
using Modular.Notifications.Plain;
using Modular.Notifications.Sockets;
using Modular.Notifications.Sse;
using Modular.Notifications.Streams;
using Modular.Notifications.Ticks;
using Modular.Users.Contracts;

namespace Modular.Notifications;

/// <summary>The live side: the hub, plain WebSockets, server-sent events, catching up over HTTP, and what single persons are told. It knows streams and no other module.</summary>
public sealed class NotificationsModule : IModule, IRootEndpoints
{
    public string Name => "notifications";

    public void AddServices(IHostApplicationBuilder host)
    {
        var services = host.Services;
        host.AddModuleStore(this, store => store
            .Streams<PersonalStreams>().PersonalData<HeldOfPerson>()
            .Handle<PersonalEvent, TellPerson>().Handle<UserDeleted, ForgetPerson>());
        host.AddSettings<NotificationsSettings>("Modules:Notifications")
            .Validate(s => s.MostSockets > 0, "Modules:Notifications:MostSockets must be a positive number.")
            .Validate(s => s.MostSocketsPerSession > 0, "Modules:Notifications:MostSocketsPerSession must be a positive number.")
            .Validate(s => s.MostSocketsPerAddress > 0, "Modules:Notifications:MostSocketsPerAddress must be a positive number.");
        host.AddSettings<DrainOptions>("Drain").Validate(
            drain => drain.Window >= TimeSpan.Zero && drain.Window <= TimeSpan.FromMinutes(5), "Drain:Window must be from 00:00:00 to 00:05:00.");
        AddHub(services);

        // It logs every refusal as an error with its stack, so any client could fill the log; LiveHub logs what is our fault.
        host.Logging.AddFilter("Microsoft.AspNetCore.SignalR.Internal.DefaultHubDispatcher", LogLevel.Critical);

        // Whoever implements IStreams also feeds the ILiveSink, so the log is looked up when it is first read.
        services.AddSingleton(provider => new Lazy<IStreams>(provider.GetRequiredService<IStreams>));
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<Meters>();
        services.AddSingleton<LiveStreams>();
        services.AddSingleton<ILiveSink>(provider => provider.GetRequiredService<LiveStreams>());
        services.AddSingleton<Backlog>();
        services.AddSingleton<HubFormat>().AddSingleton<PlainFormat>().AddSingleton<SseFormat>();
        services.AddSingleton<PumpQueue>();
        services.AddSingleton<OpenSockets>();
        services.AddSingleton<Places>();
        services.AddSingleton<Subscribing>();
        services.AddSingleton<Following>();
        services.AddSingleton<Rights>();
        services.AddSingleton<IRevocationListener, HintedSessions>();
        services.AddHostedService<HeadsTick>();
        services.AddHostedService<RightsTick>();
        services.AddHostedService<KeepAliveTick>();
        services.AddHostedService<DrainSockets>();
    }

    public void MapEndpoints(IEndpointRouteBuilder routes)
    {
        ReadStream.Map(routes).WithTags("Notifications");
        ServerSentEvents.Map(routes).WithTags("Notifications");
    }

    public void MapRoot(IEndpointRouteBuilder routes)
    {
        // Each stream decides who may read it.
        routes.MapHub<LiveHub>("/hub", options =>
        {
            options.Transports = HttpTransportType.WebSockets;
            // The pump cuts who takes nothing for 10 s, and counts it; this one makes every send dearer (delivery p50 + 11 %).
            options.TransportSendTimeout = Timeout.InfiniteTimeSpan;
        }).BehindDoor().AllowAnonymous();
        PlainSocket.Map(routes).AllowAnonymous();
    }

    private static void AddHub(IServiceCollection services)
    {
        services.AddSignalR(hub =>
        {
            hub.KeepAliveInterval = TimeSpan.FromSeconds(10);
            hub.ClientTimeoutInterval = TimeSpan.FromSeconds(30);
            hub.MaximumReceiveMessageSize = 32 * 1024;
            hub.MaximumParallelInvocationsPerClient = 1;     // one connection's calls keep their order
        }).AddJsonProtocol(json => json.PayloadSerializerOptions = ModularJson.Options);
        services.RemoveAll<IHubProtocol>();
        services.AddSingleton<JsonHubProtocol>();
        services.AddSingleton<IHubProtocol, AnswerProtocol>();
        services.AddSingleton<HubLifetimeManager<LiveHub>, HubLifetime>();
    }
}
