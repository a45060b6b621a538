using MassTransit;
using Microsoft.Extensions.Logging;
using Modular.Kernel.Documents;
using Modular.Kernel.Messaging;
using Modular.Kernel.Messaging.Signals;

namespace Modular.Kernel.MassTransit;

/// <summary>
/// The way to the other replicas: MassTransit over RabbitMQ. A batch is published when the broker has confirmed and routed it;
/// what it cannot take now is tried again by its lane, never by a request.
/// </summary>
internal sealed class RabbitMqTransport : IEventTransport, ISignalTransport, IDisposable
{
    /// <summary>
    /// MassTransit itself tries on for minutes, with pauses that grow to 30 s. A new attempt starts at once, so giving one up
    /// early brings delivery back sooner; that the first copy arrives as well is only a duplicate.
    /// </summary>
    private static readonly TimeSpan LongestPublish = TimeSpan.FromSeconds(10);

    private readonly IBusControl bus;
    private readonly BrokerTopology topology;
    private readonly BusEndpoints endpoints;
    private readonly BusHealth health;
    private readonly KernelMetrics metrics;
    private readonly BrokerAddress broker;
    private readonly ILogger logger;
    private readonly BusLifetime lifetime;

    public RabbitMqTransport(
        BrokerAddress broker, IReadOnlyCollection<string> modules, HandlerIndex handlers, EventReceiver receiver, BusHealth health, KernelMetrics metrics,
        ILoggerFactory loggers)
    {
        (this.broker, this.health, this.metrics, logger) = (broker, health, metrics, loggers.CreateLogger<RabbitMqTransport>());
        var instance = $"{Environment.MachineName}.{Environment.ProcessId}";
        topology = new BrokerTopology(broker, modules, handlers.Routes, instance, logger);
        LogContext.ConfigureCurrentLogContext(loggers);
        bus = Bus.Factory.CreateUsingRabbitMq(rabbit =>
        {
            rabbit.Host(broker.Host, broker.Port, broker.VirtualHost, instance, host =>
            {
                host.Username(broker.User);
                host.Password(broker.Password);
                host.PublisherConfirmation = true;
                host.Heartbeat(TimeSpan.FromSeconds(10));
                if (broker.Tls)
                    host.UseSsl(ssl => ssl.ServerName = broker.Host);
            });
            rabbit.ConfigureJsonSerializerOptions(json =>
            {
                json.WriteIndented = false;
                json.DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull;
                return json;
            });
        });
        metrics.WatchBus(() => health.IsConfirmed);
        endpoints = new BusEndpoints(bus, modules, handlers.Routes, receiver, BrokerNames.Live(Environment.MachineName, health.Me));
        lifetime = new BusLifetime(broker, bus, topology, endpoints, logger);
    }

    public bool IsAlone => false;

    public Task StartReceivingAsync() => lifetime.StartAsync();

    public async Task PublishAsync(string module, IReadOnlyList<OutboxRow> batch, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(LongestPublish);
        try
        {
            await topology.DeclaredAsync(limit.Token);
            var endpoint = await bus.GetSendEndpoint(new Uri($"exchange:{BrokerNames.Outbox(module)}?type=fanout")).WaitAsync(limit.Token);
            var sent = health.Now;
            var sending = endpoint.Send(new EventBatch(module, health.Me, BatchCodec.Write(batch)), Pipe.Execute<SendContext>(Mandatory), limit.Token);
            await Observed(sending).WaitAsync(limit.Token);
            health.Confirmed(module, sent);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new UnpublishedException($"The message broker at {broker} did not confirm within {LongestPublish.TotalSeconds:0} s.");
        }
        catch (MessageReturnedException e)
        {
            topology.Doubt();
            metrics.Returned(module);
            throw new UnpublishedException($"The message broker at {broker} has no queues for {module} (any more); declaring them anew.", e);
        }
        catch (Exception e) when (e is TransportException or MassTransitException or RabbitMQ.Client.Exceptions.RabbitMQClientException or IOException)
        {
            throw new UnpublishedException($"The message broker at {broker} does not take events: {e.Message}", e);
        }
    }

    /// <summary>Not kept by the broker and not mandatory: whom it does not reach now it need not reach.</summary>
    public async Task PublishAsync(IReadOnlyList<SignalMessage> batch, CancellationToken ct)
    {
        var endpoint = await bus.GetSendEndpoint(new Uri($"exchange:{BrokerNames.Signals}?type=fanout")).WaitAsync(ct);
        await Observed(endpoint.Send(new SignalBatch(health.Me, SignalCodec.Write(batch)), Pipe.Execute<SendContext>(c => c.Durable = false), ct)).WaitAsync(ct);
    }

    public Task StopReceivingAsync(CancellationToken hurry) => lifetime.StopReceivingAsync(hurry);

    public Task StopAsync(CancellationToken hurry) => lifetime.StopAsync(hurry);

    public void Dispose()
    {
        lifetime.Dispose();
        endpoints.Dispose();
        topology.Dispose();
    }

    private static void Mandatory(SendContext context) => context.GetPayload<RabbitMqSendContext>().Mandatory = true;

    /// <summary>An attempt that is given up still ends some time, and its failure has been told.</summary>
    private static Task Observed(Task sending)
    {
        _ = sending.ContinueWith(static t => t.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return sending;
    }
}
