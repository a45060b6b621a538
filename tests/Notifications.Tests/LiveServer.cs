using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Modular.Kernel.Documents;
using Modular.Kernel.Messaging;
using Modular.Kernel.Web;
using Modular.Notifications.Sockets;
using Modular.Notifications.Streams;
using Modular.Testing;

namespace Modular.Notifications.Tests;

/// <summary>The module on a real server on loopback, over a log in memory.</summary>
internal sealed class LiveServer : IAsyncDisposable
{
    private readonly WebApplication app;

    private LiveServer(WebApplication app, FakeLog log, ManualClock? clock) => (this.app, Log, Clock) = (app, log, clock);

    public FakeLog Log { get; }

    public ManualClock? Clock { get; }

    public required ErrorLog Errors { get; init; }

    public IServiceProvider Services => app.Services;

    public ILiveSink Sink => app.Services.GetRequiredService<ILiveSink>();

    public LiveStreams Streams => app.Services.GetRequiredService<LiveStreams>();

    public OpenSockets Sockets => app.Services.GetRequiredService<OpenSockets>();

    public Uri Address => new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    public static async Task<LiveServer> StartAsync(bool manualTime = false, int mostSockets = 1_000, int mostSocketsPerSession = 50, Action<IServiceCollection>? configure = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var errors = new ErrorLog();
        builder.Logging.ClearProviders().AddProvider(errors);
        var (log, clock) = (new FakeLog(), manualTime ? new ManualClock() : null);
        builder.Services.AddSingleton<IStreams>(log).AddSingleton<ICallerSource>(log).AddSingleton<TimeProvider>(clock ?? TimeProvider.System);
        builder.Services.AddSingleton<IRoomStreams, FakeRooms>().AddSingleton<IEventAliases, FakeRooms>();
        builder.Services.Configure<JsonOptions>(json => ModularJson.Apply(json.SerializerOptions));
        builder.Configuration["Drain:Window"] = "00:00:00";
        builder.Configuration["Modules:Notifications:MostSockets"] = mostSockets.ToString();
        builder.Configuration["Modules:Notifications:MostSocketsPerSession"] = mostSocketsPerSession.ToString();
        var module = new NotificationsModule();
        module.AddServices(builder);
        configure?.Invoke(builder.Services);
        var built = builder.Build();
        built.Use((http, next) =>
        {
            if (http.Request.Query["access_token"].FirstOrDefault() is { } user)
                http.User = new ClaimsPrincipal(new ClaimsIdentity([new(Caller.Claims.User, user), new(Caller.Claims.Session, user)], "test"));
            return next(http);
        });
        module.MapRoot(built);
        module.MapEndpoints(built.MapGroup("/api/notifications"));
        await built.StartAsync();
        return new LiveServer(built, log, clock) { Errors = errors };
    }

    public Task<HubClient> ConnectAsync(Guid? user = null) => HubClient.ConnectAsync(Address, user?.ToString());

    /// <summary>Appends to the log and delivers, as a commit loop does.</summary>
    public void Happen(string stream, int count = 1)
    {
        for (var i = 0; i < count; i++)
            Sink.Deliver([Log.Append(stream)]);
    }

    /// <summary>After everybody has left: no socket and, a minute later, no stream is kept, because nobody is taken for its follower.</summary>
    public async Task NothingIsLeftAsync()
    {
        await Eventually.Is(() => Sockets.Count == 0);
        Clock!.Advance(TimeSpan.FromSeconds(60));
        Streams.DropUnused();
        Assert.Empty(Streams.Followed);
    }

    public Task StopAsync() => app.StopAsync();

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
