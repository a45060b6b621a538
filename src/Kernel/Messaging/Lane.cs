using System.Diagnostics;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Modular.Kernel.Documents;
using Modular.Kernel.Observability;
using Npgsql;

namespace Modular.Kernel.Messaging;

/// <summary>
/// Publishes one lane of a store's outbox: everything queued as one batch, one batch in flight, rows deleted only after
/// it. Memory is bounded: past 20,000 queued events or 16 MB the queue is dropped, not the rows, and the lane pages the table
/// until it has caught up. A sweep finds rows that never reached the queue (an outcome learned too late).
/// </summary>
internal sealed class Lane(DocumentStore store, short number, IEventTransport transport, LiveDelivery live, KernelMetrics metrics, ILogger logger)
{
    private const int MaxBatch = 256;
    private const int MaxBatchBytes = 128 * 1024;
    private const int MaxQueued = 20_000;
    private const int MaxQueuedBytes = 16 * 1024 * 1024;
    private static readonly TimeSpan SweepEvery = TimeSpan.FromSeconds(5);

    private readonly Channel<OutboxRow?> queue = Channel.CreateUnbounded<OutboxRow?>(new UnboundedChannelOptions { SingleReader = true });
    private readonly PublishedRows published = new(store);
    private int queued;
    private int queuedBytes;
    private volatile bool catchUp = true;

    public int Queued => Volatile.Read(ref queued);

    public bool IsCatchingUp => catchUp;

    public void Enqueue(OutboxRow row)
    {
        if (catchUp)
            return;
        if (Interlocked.Increment(ref queued) > MaxQueued | Interlocked.Add(ref queuedBytes, row.Data.Length) > MaxQueuedBytes)
        {
            Dequeued(row);
            catchUp = true;
            return;
        }

        queue.Writer.TryWrite(row);
    }

    /// <summary>The table holds rows that nobody queued: those of a process that was adopted.</summary>
    public void CatchUp()
    {
        catchUp = true;
        queue.Writer.TryWrite(null);                         // wakes it
    }

    /// <summary>Nothing more comes; <see cref="RunUntilAsync"/> ends when what waits is published.</summary>
    public void Complete() => queue.Writer.TryComplete();

    public async Task RunUntilAsync(CancellationToken stop)
    {
        var swept = store.Clock.GetTimestamp();
        while (!stop.IsCancellationRequested && !queue.Reader.Completion.IsCompleted)
        {
            try
            {
                if (catchUp)
                {
                    await CatchUpAsync(stop);
                    swept = store.Clock.GetTimestamp();
                }

                if (await TakeAsync(published.IsEmpty ? SweepEvery : PublishedRows.Every, stop) is { Count: > 0 } batch)
                    await PublishAsync(batch, stop);
                if (published.IsDue)
                    await published.DeleteAsync(stop);
                if (store.Clock.GetElapsedTime(swept) >= SweepEvery)
                {
                    swept = store.Clock.GetTimestamp();
                    // What waits in the queue for so long is in the table, too, and nobody's fault.
                    var forgotten = Queued == 0;
                    var found = await PageAsync(minimumAge: SweepEvery, stop);
                    metrics.Rescued(store.Module, forgotten ? found : 0);
                }
            }
            catch (Exception e) when (!stop.IsCancellationRequested)
            {
                // What was taken is still in the table, so nothing is lost by starting over from there.
                catchUp = true;
                if (e is UnpublishedException)
                    metrics.NotPublished(store.Module);
                logger.LogWarning(e is NpgsqlException or TimeoutException or IOException or UnpublishedException ? null : e, "Lane {Lane} of {Module} starts over: {Reason}", number, store.Module, e.Message);
                await Task.Delay(500, stop);
            }
        }

        if (!stop.IsCancellationRequested)
            await published.DeleteAsync(stop);
    }

    private async Task<List<OutboxRow>> TakeAsync(TimeSpan patience, CancellationToken ct)
    {
        var batch = new List<OutboxRow>();
        using var late = new CancellationTokenSource(patience, store.Clock);
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(ct, late.Token);
        try
        {
            await queue.Reader.WaitToReadAsync(waiting.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return batch;
        }

        for (var bytes = 0; batch.Count < MaxBatch && bytes < MaxBatchBytes && queue.Reader.TryRead(out var row);)
        {
            if (row is null)
                continue;
            Dequeued(row);
            bytes += row.Data.Length;
            batch.Add(row);
        }

        return batch;
    }

    private void Dequeued(OutboxRow row)
    {
        Interlocked.Decrement(ref queued);
        Interlocked.Add(ref queuedBytes, -row.Data.Length);
    }

    private async Task PublishAsync(List<OutboxRow> batch, CancellationToken ct)
    {
        var (begun, timestamp) = (store.Clock.GetUtcNow(), store.Clock.GetTimestamp());
        await transport.PublishAsync(store.Module, batch, ct);
        metrics.Published(store.Module, batch.Count, store.Clock.GetElapsedTime(timestamp));
        published.Add(batch);
        Tell(batch, begun);
    }

    /// <summary>Once for each trace: what one request appended stands together.</summary>
    private void Tell(List<OutboxRow> batch, DateTimeOffset begun)
    {
        string? told = null;
        foreach (var row in batch)
        {
            if (row.Trace is null || string.Equals(row.Trace, told, StringComparison.Ordinal))
                continue;
            told = row.Trace;
            Traces.Tell(Traces.Source, "publish", store.Module, ActivityKind.Producer, told, begun, "modular.batch_size", batch.Count);
        }
    }

    private async Task CatchUpAsync(CancellationToken ct)
    {
        while (queue.Reader.TryRead(out var row))
        {
            if (row is not null)
                Dequeued(row);
        }

        await PageAsync(minimumAge: TimeSpan.Zero, ct);
        catchUp = false;
        // What was committed between the last page and the line above is in the table only; what is also queued is a duplicate.
        await PageAsync(minimumAge: TimeSpan.Zero, ct);
    }

    /// <summary>
    /// Publishes from the table; what is published goes before the next page is read, or that would be the same. The sockets
    /// here have had what was queued since its commit, but a row found in the table may have reached nobody.
    /// </summary>
    private async Task<int> PageAsync(TimeSpan minimumAge, CancellationToken ct)
    {
        var rows = 0;
        await published.DeleteAsync(ct);
        while (await OutboxTable.PageAsync(store, number, minimumAge, ct) is { Count: > 0 } page)
        {
            live.Deliver(page);
            await PublishAsync(page, ct);
            await published.DeleteAsync(ct);
            rows += page.Count;
        }

        return rows;
    }
}

/// <summary>A batch that no broker has taken, for a reason that passes.</summary>
internal sealed class UnpublishedException(string message, Exception? inner = null) : Exception(message, inner);
