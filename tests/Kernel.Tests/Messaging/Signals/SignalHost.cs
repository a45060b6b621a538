using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Modular.Kernel.Documents;
using Modular.Kernel.Messaging;
using Modular.Kernel.Messaging.Signals;
using Modular.Kernel.Modules;
using Modular.Kernel.Tests.Documents;
using Modular.Kernel.Web;
using Modular.Testing;

namespace Modular.Kernel.Tests.Messaging.Signals;

/// <summary>What signals need of a host with the modules shop and ledger, with a broker or without.</summary>
internal sealed class SignalHost : IAsyncDisposable
{
    private readonly MeterListener listener = new();
    private readonly ServiceProvider services;
    private long lost;

    private SignalHost(ServiceProvider services) => this.services = services;

    public IServiceProvider Services => services;

    /// <summary>What reached the sockets.</summary>
    public required Sink Sink { get; init; }

    public required FakeBroker Broker { get; init; }

    public required ManualClock Clock { get; init; }

    public required Listener Revoked { get; init; }

    /// <summary>The counter <c>modular.signals.lost</c>.</summary>
    public long Lost => Interlocked.Read(ref lost);

    public static async Task<SignalHost> StartAsync(bool alone = false)
    {
        var (sink, broker, clock, revoked) = (new Sink(), new FakeBroker(), new ManualClock(), new Listener());
        var registered = new ServiceCollection().AddLogging().AddMetrics().AddSingleton<TimeProvider>(clock)
            .AddSingleton<KernelMetrics>().AddSingleton<LiveDelivery>().AddSingleton<ILiveSink>(sink)
            .AddSingleton<IRevocationListener>(revoked).AddScoped<ModuleScope>();
        registered.AddSignals(["shop", "ledger"]);
        if (!alone)
            registered.AddSingleton<ISignalTransport>(broker);
        var host = new SignalHost(registered.BuildServiceProvider(validateScopes: true)) { Sink = sink, Broker = broker, Clock = clock, Revoked = revoked };
        host.ListenForLost();
        foreach (var hosted in host.Services.GetServices<IHostedService>())
            await hosted.StartAsync(CancellationToken.None);
        return host;
    }

    public void Send(string type, string stream = "shop/a", string module = "shop", object? data = null) =>
        services.GetRequiredKeyedService<ISignals>(module).Send(stream, type, data ?? new { });

    /// <summary>As from another replica.</summary>
    public void Receive(SignalMessage signal) => services.GetRequiredService<LiveDelivery>().Signal(signal);

    public async ValueTask DisposeAsync()
    {
        foreach (var hosted in Services.GetServices<IHostedService>())
            await hosted.StopAsync(CancellationToken.None);
        await services.DisposeAsync();
        listener.Dispose();
    }

    private void ListenForLost()
    {
        var factory = Services.GetRequiredService<IMeterFactory>();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name == "modular.signals.lost" && ReferenceEquals(instrument.Meter.Scope, factory))
                self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, count, _, _) => Interlocked.Add(ref lost, count));
        listener.Start();
    }

    /// <summary>What listeners heard of sessions.</summary>
    internal sealed class Listener : IRevocationListener
    {
        public List<Guid> Heard { get; } = [];

        public void SessionsMayHaveChanged(IReadOnlyCollection<Guid> sessions) => Heard.AddRange(sessions);
    }
}
