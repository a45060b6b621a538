using Microsoft.Extensions.Logging;
using Modular.Kernel.Messaging;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Modular.Kernel.MassTransit;

/// <summary>
/// Declares everything durable before this process publishes: every exchange, every handler queue of every module with
/// its bindings, and as the last thing the binding from a module's outbox exchange to its events exchange. Publishing is mandatory,
/// so on a broker that lost its data a batch comes back instead of being confirmed and thrown away before
/// the queues are there again; that makes the next publish declare anew.
/// </summary>
internal sealed class BrokerTopology(BrokerAddress broker, IReadOnlyCollection<string> modules, IReadOnlyCollection<EventRoute> routes, string connectionName, ILogger logger)
    : IDisposable
{
    private readonly SemaphoreSlim turn = new(1, 1);
    private volatile bool declared;

    /// <summary>Something published could not be routed.</summary>
    public void Doubt() => declared = false;

    /// <exception cref="UnpublishedException">The broker is away.</exception>
    public async Task DeclaredAsync(CancellationToken ct)
    {
        if (declared)
            return;
        await turn.WaitAsync(ct);
        try
        {
            if (declared)
                return;
            await OnChannelAsync(channel => DeclareAsync(channel, ct), ct);
            declared = true;
            logger.LogInformation("Declared {Exchanges} exchanges and {Queues} queues at {Broker}", modules.Count * 2, routes.Count, broker);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Deletes a queue of this process and MassTransit's exchange for it, with its bindings.</summary>
    /// <exception cref="UnpublishedException">The broker is away; the queue expires by itself.</exception>
    public Task DeleteAsync(string queue, CancellationToken ct) => OnChannelAsync(async channel =>
    {
        await channel.QueueDeleteAsync(queue, ifUnused: false, ifEmpty: false, cancellationToken: ct);
        await channel.ExchangeDeleteAsync(queue, cancellationToken: ct);
    }, ct);

    public void Dispose() => turn.Dispose();

    private async Task DeclareAsync(IChannel channel, CancellationToken ct)
    {
        foreach (var module in modules)
        {
            await FanoutAsync(channel, BrokerNames.Outbox(module), ct);
            await FanoutAsync(channel, BrokerNames.Events(module), ct);
        }

        foreach (var route in routes)
        {
            var queue = BrokerNames.Queue(route);
            await channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, cancellationToken: ct);
            await FanoutAsync(channel, queue, ct);           // MassTransit puts an exchange of the same name before a queue
            await channel.QueueBindAsync(queue, queue, "", cancellationToken: ct);
            await channel.ExchangeBindAsync(queue, BrokerNames.Events(route.Source), "", cancellationToken: ct);
        }

        foreach (var module in modules)
            await channel.ExchangeBindAsync(BrokerNames.Events(module), BrokerNames.Outbox(module), "", cancellationToken: ct);
    }

    private static Task FanoutAsync(IChannel channel, string name, CancellationToken ct) =>
        channel.ExchangeDeclareAsync(name, ExchangeType.Fanout, durable: true, autoDelete: false, cancellationToken: ct);

    private async Task OnChannelAsync(Func<IChannel, Task> work, CancellationToken ct)
    {
        try
        {
            await using var connection = await broker.Factory($"{connectionName} topology").CreateConnectionAsync(ct);
            await using var channel = await connection.CreateChannelAsync(cancellationToken: ct);
            await work(channel);
        }
        catch (Exception e) when (e is RabbitMQClientException or IOException or TimeoutException)
        {
            throw new UnpublishedException($"The message broker at {broker} does not take declarations: {e.Message}", e);
        }
    }
}
