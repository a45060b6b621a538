using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Modular.Kernel.Documents;
using Npgsql;

namespace Modular.Kernel.Messaging;

/// <summary>Takes a batch of committed events out of this process. Returns when the rows may go: all they are for have them.</summary>
internal interface IEventTransport
{
    Task PublishAsync(string module, IReadOnlyList<OutboxRow> batch, CancellationToken ct);
}

/// <summary>
/// Publishes one lane of a store's outbox: everything queued as one batch, one batch in flight, rows deleted only
/// after it, many at a time. Memory is bounded: past 20,000 queued events the queue is dropped, not the rows, and the lane pages the table
/// until it has caught up. A sweep finds rows that never reached the queue (an outcome learned too late).
/// </summary>
internal sealed class Lane(DocumentStore store, short number, IEventTransport transport, ILogger logger)
{
    private const int MaxBatch = 256;
    private const int MaxQueued = 20_000;
    private const int MostDone = 5_000;
    private static readonly TimeSpan SweepEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan DeleteEvery = TimeSpan.FromMilliseconds(50);

    private readonly Channel<OutboxRow> queue = Channel.CreateUnbounded<OutboxRow>(new UnboundedChannelOptions { SingleReader = true });
    private readonly List<long> done = [];
    private long doneSince;
    private int queued;
    private volatile bool catchUp = true;

    public void Enqueue(OutboxRow row)
    {
        if (catchUp)
            return;
        if (Interlocked.Increment(ref queued) > MaxQueued)
        {
            Interlocked.Decrement(ref queued);
            catchUp = true;
            return;
        }

        queue.Writer.TryWrite(row);
    }

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

                if (await TakeAsync(done.Count == 0 ? SweepEvery : DeleteEvery, stop) is { Count: > 0 } batch)
                    await PublishAsync(batch, stop);
                if (done.Count >= MostDone || (done.Count > 0 && store.Clock.GetElapsedTime(doneSince) >= DeleteEvery))
                    await DeleteDoneAsync(stop);
                if (store.Clock.GetElapsedTime(swept) >= SweepEvery)
                {
                    swept = store.Clock.GetTimestamp();
                    await PageAsync(minimumAge: SweepEvery, stop);
                }
            }
            catch (Exception e) when (!stop.IsCancellationRequested)
            {
                // What was taken is still in the table, so nothing is lost by starting over from there.
                catchUp = true;
                logger.LogWarning(e is NpgsqlException or TimeoutException or IOException ? null : e, "Lane {Lane} of {Module} starts over: {Reason}", number, store.Module, e.Message);
                await Task.Delay(500, stop);
            }
        }

        if (!stop.IsCancellationRequested)
            await DeleteDoneAsync(stop);
    }

    /// <summary>Nothing more comes; <see cref="RunUntilAsync"/> ends when what waits is published.</summary>
    public void Complete() => queue.Writer.TryComplete();

    private async Task<List<OutboxRow>> TakeAsync(TimeSpan patience, CancellationToken ct)
    {
        var batch = new List<OutboxRow>();
        if (patience > TimeSpan.Zero)
        {
            using var waiting = CancellationTokenSource.CreateLinkedTokenSource(ct);
            waiting.CancelAfter(patience);
            try
            {
                await queue.Reader.WaitToReadAsync(waiting.Token);
            }
            catch (OperationCanceledException) when (!ct.IsCancellationRequested)
            {
                return batch;
            }
        }

        while (batch.Count < MaxBatch && queue.Reader.TryRead(out var row))
        {
            Interlocked.Decrement(ref queued);
            batch.Add(row);
        }

        return batch;
    }

    private async Task PublishAsync(IReadOnlyList<OutboxRow> batch, CancellationToken ct)
    {
        await transport.PublishAsync(store.Module, batch, ct);
        if (done.Count == 0)
            doneSince = store.Clock.GetTimestamp();
        done.AddRange(batch.Select(row => row.Id));
    }

    private async Task CatchUpAsync(CancellationToken ct)
    {
        while (queue.Reader.TryRead(out _))
            Interlocked.Decrement(ref queued);
        await PageAsync(minimumAge: TimeSpan.Zero, ct);
        catchUp = false;
        // What was committed between the last page and the line above is in the table only; what is also queued is a duplicate.
        await PageAsync(minimumAge: TimeSpan.Zero, ct);
    }

    /// <summary>Publishes from the table; what is published goes before the next page is read, or that would be the same.</summary>
    private async Task PageAsync(TimeSpan minimumAge, CancellationToken ct)
    {
        await DeleteDoneAsync(ct);
        while (await OutboxTable.PageAsync(store, number, minimumAge, ct) is { Count: > 0 } page)
        {
            await PublishAsync(page, ct);
            await DeleteDoneAsync(ct);
        }
    }

    /// <summary>Many at once, because each delete is a transaction. A lost one is only a duplicate, so it need not wait for the disk.</summary>
    private async Task DeleteDoneAsync(CancellationToken ct)
    {
        if (done.Count == 0)
            return;
        await using var connection = await store.Database.Side.OpenConnectionAsync(ct);
        await using var delete = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new NpgsqlBatchCommand("select set_config('synchronous_commit', 'off', true)"),
                new NpgsqlBatchCommand("delete from outbox where id = any($1)") { Parameters = { new NpgsqlParameter<long[]> { TypedValue = [.. done] } } },
            },
        };
        await delete.ExecuteNonQueryAsync(ct);
        done.Clear();
    }
}
