using System.Diagnostics.Metrics;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Modular.Kernel.Documents;
using Modular.Kernel.Messaging;
using Modular.Kernel.Messaging.Signals;
using Modular.Kernel.Modules;
using Modular.Kernel.Tests.Documents;
using Modular.Testing;

namespace Modular.Kernel.Tests.Messaging;

public sealed class SignalTests : IAsyncLifetime
{
    private readonly Sink sink = new();
    private readonly ManualClock clock = new();
    private readonly Broker broker = new();
    private readonly List<IServiceProvider> started = [];

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var services in started.Cast<ServiceProvider>())
        {
            foreach (var hosted in services.GetServices<IHostedService>())
                await hosted.StopAsync(CancellationToken.None);
            await services.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_signal_reaches_the_sockets_of_this_process_at_once_with_its_data_as_json()
    {
        var services = await StartAsync(transport: null);

        SignalsOf("shop", services).Send("shop/a", "typing", new { Who = "Ann", At = new DateTimeOffset(2026, 1, 1, 1, 0, 0, TimeSpan.FromHours(1)) });

        var sent = Assert.Single(sink.Signals);
        Assert.Equal(("shop/a", "typing"), (sent.Stream, sent.Type));
        Assert.Equal("""{"who":"Ann","at":"2026-01-01T00:00:00Z"}""", Encoding.UTF8.GetString(sent.Data.Span));
    }

    [Fact]
    public async Task Only_the_module_that_owns_a_stream_sends_on_it()
    {
        var services = await StartAsync(broker);

        Assert.Throws<InvalidOperationException>(() => SignalsOf("ledger", services).Send("shop/a", "typing", new { }));

        Assert.Empty(sink.Signals);
    }

    [Fact]
    public async Task An_endpoint_or_handler_gets_the_signals_of_its_module()
    {
        var services = await StartAsync(broker);
        using var scope = services.CreateScope();
        Assert.Throws<InvalidOperationException>(() => scope.ServiceProvider.GetRequiredService<ISignals>());
        scope.ServiceProvider.GetRequiredService<ModuleScope>().Module = "shop";

        scope.ServiceProvider.GetRequiredService<ISignals>().Send("shop/a", "typing", new { });

        Assert.Single(sink.Signals);
    }

    [Fact]
    public async Task A_signal_goes_to_the_other_replicas_and_one_from_there_is_shown_here_only()
    {
        var services = await StartAsync(broker);

        services.GetRequiredService<LiveDelivery>().Signal(new SignalMessage("shop/a", "theirs", "{}"u8.ToArray()));
        SignalsOf("shop", services).Send("shop/a", "ours", new { });

        await Eventually.Is(() => broker.Published.Count > 0);
        Assert.Equal(["ours"], broker.Published.Select(s => s.Type));
        Assert.Equal(["theirs", "ours"], sink.Signals.Select(s => s.Type));
    }

    [Fact]
    public async Task A_sink_that_throws_stops_neither_the_caller_nor_the_way_to_the_other_replicas()
    {
        var services = await StartAsync(broker);
        sink.Fails = true;

        SignalsOf("shop", services).Send("shop/a", "typing", new { });

        await Eventually.Is(() => broker.Published.Count == 1);
    }

    [Fact]
    public async Task Of_more_than_a_thousand_that_wait_the_oldest_go_and_are_counted()
    {
        using var lost = new Lost();
        var services = await StartAsync(broker, lost);
        broker.Held = new TaskCompletionSource();
        SignalsOf("shop", services).Send("shop/a", "first", new { });
        await Eventually.Is(() => broker.Calls == 1);

        for (var i = 0; i < SignalRelay.MostQueued + 10; i++)
            SignalsOf("shop", services).Send("shop/a", i.ToString(), new { });
        Assert.Equal(10, lost.Count);
        broker.Held.SetResult();

        await Eventually.Is(() => broker.Published.Count == SignalRelay.MostQueued + 1);
        Assert.Equal(["first", "10"], broker.Published.Take(2).Select(s => s.Type));
        Assert.Equal("1009", broker.Published[^1].Type);
    }

    [Fact]
    public async Task What_has_waited_for_a_broker_that_was_away_is_not_sent_late()
    {
        using var lost = new Lost();
        var services = await StartAsync(broker, lost);
        broker.Held = new TaskCompletionSource();
        SignalsOf("shop", services).Send("shop/a", "stuck", new { });
        await Eventually.Is(() => broker.Calls == 1);
        SignalsOf("shop", services).Send("shop/a", "waiting", new { });
        clock.Advance(TimeSpan.FromSeconds(6));
        await Eventually.Is(() => lost.Count == 2);
        broker.Held = null;

        SignalsOf("shop", services).Send("shop/a", "new", new { });

        await Eventually.Is(() => broker.Published.Count > 0);
        Assert.Equal(["new"], broker.Published.Select(s => s.Type));
    }

    [Fact]
    public async Task A_broker_that_fails_loses_a_batch_and_takes_the_next()
    {
        using var lost = new Lost();
        var services = await StartAsync(broker, lost);
        broker.Fails = true;
        SignalsOf("shop", services).Send("shop/a", "lost", new { });
        await Eventually.Is(() => lost.Count == 1);
        broker.Fails = false;

        SignalsOf("shop", services).Send("shop/a", "sent", new { });

        await Eventually.Is(() => broker.Published.Select(s => s.Type).SequenceEqual(["sent"]));
    }

    private static ISignals SignalsOf(string module, IServiceProvider services) => services.GetRequiredKeyedService<ISignals>(module);

    private async Task<IServiceProvider> StartAsync(Broker? transport, Lost? lost = null)
    {
        var services = new ServiceCollection().AddLogging().AddMetrics().AddSingleton<TimeProvider>(clock)
            .AddSingleton<KernelMetrics>().AddSingleton<LiveDelivery>().AddSingleton<ILiveSink>(sink).AddScoped<ModuleScope>();
        services.AddSignals(["shop", "ledger"]);
        if (transport is not null)
            services.AddSingleton<ISignalTransport>(transport);
        var provider = services.BuildServiceProvider(validateScopes: true);
        started.Add(provider);
        lost?.Listen(provider.GetRequiredService<IMeterFactory>());
        foreach (var hosted in provider.GetServices<IHostedService>())
            await hosted.StartAsync(CancellationToken.None);
        return provider;
    }

    private sealed class Broker : ISignalTransport
    {
        private readonly List<SignalMessage> published = [];
        private int calls;

        public int Calls => Volatile.Read(ref calls);

        public bool Fails { get; set; }

        public TaskCompletionSource? Held { get; set; }

        public IReadOnlyList<SignalMessage> Published
        {
            get
            {
                lock (published)
                    return [.. published];
            }
        }

        public async Task PublishAsync(IReadOnlyList<SignalMessage> batch, CancellationToken ct)
        {
            Interlocked.Increment(ref calls);
            if (Held is { } held)
                await held.Task.WaitAsync(ct);
            if (Fails)
                throw new IOException("The broker is away.");
            lock (published)
                published.AddRange(batch);
        }
    }

    /// <summary>The counter <c>modular.signals.lost</c> of one host.</summary>
    private sealed class Lost : IDisposable
    {
        private readonly MeterListener listener = new();
        private long count;

        public long Count => Interlocked.Read(ref count);

        public void Listen(IMeterFactory factory)
        {
            listener.InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Name == "modular.signals.lost" && ReferenceEquals(instrument.Meter.Scope, factory))
                    self.EnableMeasurementEvents(instrument);
            };
            listener.SetMeasurementEventCallback<long>((_, lost, _, _) => Interlocked.Add(ref count, lost));
            listener.Start();
        }

        public void Dispose() => listener.Dispose();
    }
}
