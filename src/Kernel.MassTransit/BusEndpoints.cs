using MassTransit;
using Modular.Kernel.Messaging;

namespace Modular.Kernel.MassTransit;

/// <summary>What this process consumes: one live queue of its own for all modules, and its share of every handler queue.</summary>
internal sealed class BusEndpoints(
    IBusControl bus, IReadOnlyCollection<string> modules, IReadOnlyCollection<EventRoute> routes, EventReceiver receiver, string live) : IDisposable
{
    private readonly CancellationTokenSource stopping = new();
    private readonly List<HostReceiveEndpointHandle> handles = [];

    /// <summary>The live queue; null before it is declared.</summary>
    public string? Live { get; private set; }

    /// <summary>Once begun it is not cut short.</summary>
    public async Task StartAsync(CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        Live = live;
        handles.Add(bus.ConnectReceiveEndpoint(live, endpoint => ConfigureLive((IRabbitMqReceiveEndpointConfigurator)endpoint)));
        foreach (var route in routes)
            handles.Add(bus.ConnectReceiveEndpoint(BrokerNames.Queue(route), endpoint => ConfigureHandlers((IRabbitMqReceiveEndpointConfigurator)endpoint, route)));
        await Task.WhenAll(handles.Select(h => h.Ready));
    }

    /// <summary>Takes nothing more; done when what is being handled is.</summary>
    public Task StopAsync(CancellationToken ct) => Task.WhenAll(handles.Select(h => h.StopAsync(ct)));

    /// <summary>Handlers that still run shall not take effect here: what they have is delivered to another replica.</summary>
    public Task GiveUpAsync() => stopping.CancelAsync();

    public void Dispose() => stopping.Dispose();

    /// <summary>
    /// Durable with an expiry, because a transient one would vanish with every blip of the connection (and RabbitMQ 4.3 denies
    /// transient queues that are not exclusive). One at a time keeps the order; bounded by dropping the oldest, which the log heals.
    /// </summary>
    private void ConfigureLive(IRabbitMqReceiveEndpointConfigurator endpoint)
    {
        endpoint.ConfigureConsumeTopology = false;
        endpoint.Durable = true;
        endpoint.AutoDelete = true;                          // the exchange; the queue has its expiry instead
        endpoint.QueueExpiration = TimeSpan.FromMinutes(2);
        endpoint.ExclusiveConsumer = true;
        endpoint.SetQueueArgument("x-max-length-bytes", 64 * 1024 * 1024);
        endpoint.PrefetchCount = 64;
        endpoint.ConcurrentMessageLimit = 1;
        endpoint.PublishFaults = false;
        endpoint.DiscardFaultedMessages();
        endpoint.DiscardSkippedMessages();
        foreach (var module in modules)
            endpoint.Bind(BrokerNames.Events(module), Fanout);
        endpoint.Bind(BrokerNames.Signals, Fanout);
        endpoint.Handler<EventBatch>(delivery =>
        {
            receiver.Live(delivery.Message.Module, delivery.Message.From, delivery.Message.Events, delivery.SentTime);
            return Task.CompletedTask;
        });
        endpoint.Handler<SignalBatch>(delivery =>
        {
            receiver.Signals(delivery.Message.From, delivery.Message.Signals);
            return Task.CompletedTask;
        });
    }

    /// <summary>Shared by all replicas. No order is promised across messages, so several are handled side by side.</summary>
    private void ConfigureHandlers(IRabbitMqReceiveEndpointConfigurator endpoint, EventRoute route)
    {
        endpoint.ConfigureConsumeTopology = false;
        endpoint.Durable = true;
        endpoint.PrefetchCount = 16;
        endpoint.ConcurrentMessageLimit = 4;
        endpoint.PublishFaults = false;
        endpoint.Bind(BrokerNames.Events(route.Source), Fanout);
        endpoint.Handler<EventBatch>(delivery => HandleAsync(route, delivery.Message));
    }

    private async Task HandleAsync(EventRoute route, EventBatch batch)
    {
        try
        {
            await receiver.HandleAsync(route.Consumer, batch.Events, stopping.Token);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Returning would acknowledge it and throwing would put it aside as poison; unanswered it is delivered to another replica.
            await Task.Delay(Timeout.InfiniteTimeSpan, CancellationToken.None);
        }
    }

    private static void Fanout(IRabbitMqExchangeToExchangeBindingConfigurator exchange)
    {
        exchange.ExchangeType = "fanout";
        exchange.Durable = true;
        exchange.AutoDelete = false;
    }
}
