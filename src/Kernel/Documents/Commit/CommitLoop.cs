using System.Diagnostics;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Modular.Kernel.Messaging;
using Npgsql;

namespace Modular.Kernel.Documents.Commit;

/// <summary>
/// Commits for everybody: takes what is queued, without a timer, and commits it as one. A batch grows with what
/// queued during the one before, so an idle store answers at once and a busy one shares its commits.
/// </summary>
internal sealed class CommitLoop(
    ModuleDatabase database, OutboxOwner owner, DatabaseOptions options, Action<List<OutboxRow>> committed, KernelMetrics metrics, ILogger logger) : IAsyncDisposable
{
    private const int MaxQueued = 8192;

    // A caller who finds the loop idle carries its batch to the socket itself: one thread switch less before a lone commit.
    private readonly Channel<CommitRequest> queue =
        Channel.CreateUnbounded<CommitRequest>(new UnboundedChannelOptions { SingleReader = true, AllowSynchronousContinuations = true });
    private readonly BatchExecutor executor = new(database, owner);
    private readonly CancellationTokenSource stop = new();
    private Task? running;
    private int queued;

    /// <summary>The loop's end, which is not expected: a loop that ended without being stopped makes liveness fail.</summary>
    public bool IsAlive => running is { IsCompleted: false };

    public void Start() => running = Task.Run(RunAsync);

    /// <summary>Waits until the set is durably committed.</summary>
    public async Task CommitAsync(WriteSet writes, CancellationToken ct)
    {
        if (Volatile.Read(ref queued) >= MaxQueued)
            throw new CommitUnavailableException("Too much is waiting to be saved. Nothing was saved; try again shortly.");
        var request = new CommitRequest(writes, writes.Locks());
        Interlocked.Increment(ref queued);
        if (!queue.Writer.TryWrite(request))
            throw new CommitUnavailableException("The host is stopping. Nothing was saved; send it again.");
        try
        {
            await request.Completion.WaitAsync(TimeSpan.FromMilliseconds(options.QueueTimeoutMs), ct);
            return;
        }
        catch (TimeoutException) when (request.TryWithdraw())
        {
            throw new CommitUnavailableException("The database did not take it in time. Nothing was saved; try again.");
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested && request.TryWithdraw())
        {
            throw;
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            // Taken: the outcome belongs to the database now, and cancellation no longer counts.
        }

        try
        {
            await request.Completion.WaitAsync(TimeSpan.FromMilliseconds(options.OutcomeTimeoutMs), CancellationToken.None);
        }
        catch (TimeoutException)
        {
            if (request.TryWithdraw())
                throw new CommitUnavailableException("The database went away. Nothing was saved; try again.");
            request.Abandon();
            throw new CommitOutcomeUnknownException("It may have been saved; send it again with the same clientId.");
        }
    }

    /// <summary>Takes nothing new, commits what is queued and ends.</summary>
    public async Task StopAsync(TimeSpan patience)
    {
        queue.Writer.TryComplete();
        if (running is null)
            return;
        await Task.WhenAny(running, Task.Delay(patience, CancellationToken.None));
        await stop.CancelAsync();
        await running;
    }

    public async ValueTask DisposeAsync()
    {
        await executor.DisposeAsync();
        stop.Dispose();
    }

    private async Task RunAsync()
    {
        var waiting = new LinkedList<CommitRequest>();
        try
        {
            await CommitAllAsync(waiting);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Stopped while the database was away; what was taken stays open and its callers are told so by their deadline.
        }

        foreach (var request in waiting.Where(r => r.TryWithdraw()))
            request.Fail(new CommitUnavailableException("The host is stopping. Nothing was saved; send it again."));
    }

    private async Task CommitAllAsync(LinkedList<CommitRequest> waiting)
    {
        while (!stop.IsCancellationRequested)
        {
            if (waiting.Count == 0 && !await MoreAsync())
                break;
            while (queue.Reader.TryRead(out var request))
            {
                Interlocked.Decrement(ref queued);
                waiting.AddLast(request);
            }

            if (!await OpenAsync(waiting))
                continue;
            var batch = BatchPicker.Take(waiting);
            if (batch.Count > 0)
                await CommitBatchAsync(batch, failures: 0);
        }
    }

    private async Task<bool> MoreAsync()
    {
        try
        {
            return await queue.Reader.WaitToReadAsync(stop.Token);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Sessions are taken only when there is a connection to commit them with; until then they may withdraw.</summary>
    private async Task<bool> OpenAsync(LinkedList<CommitRequest> waiting)
    {
        try
        {
            await executor.EnsureOpenAsync(stop.Token);
            return true;
        }
        catch (Exception e) when (IsConnectionTrouble(e) || e is OperationCanceledException)
        {
            if (stop.IsCancellationRequested)
                return false;
            logger.LogWarning("The {Module} store has no connection to the database: {Reason}", database.Schema, e.Message);
            for (var node = waiting.First; node is not null;)
            {
                var next = node.Next;
                if (node.Value.IsWithdrawn)
                    waiting.Remove(node);
                node = next;
            }

            await PauseAsync(200);
            return false;
        }
    }

    private async Task CommitBatchAsync(List<CommitRequest> batch, int failures)
    {
        while (batch.Count > 0)
        {
            var sets = batch.ConvertAll(r => r.Writes);
            var batchId = Guid.CreateVersion7();
            var started = Stopwatch.GetTimestamp();
            try
            {
                await executor.EnsureOpenAsync(stop.Token);
            }
            catch (Exception e) when (IsConnectionTrouble(e))
            {
                if (await OpenForRetryAsync(batch))
                    continue;
                return;
            }

            try
            {
                Done(batch, await executor.ExecuteAsync(sets, batchId), started);
                return;
            }
            catch (PostgresException e) when (e.SqlState is BatchSql.Offenders)
            {
                failures++;
                Remove(batch, e);
                if (failures >= 3 && batch.Count > 1)
                {
                    await HalveAsync(batch, failures);
                    return;
                }
            }
            catch (PostgresException e) when (e.SqlState is BatchSql.OwnerGone)
            {
                logger.LogWarning("The outbox owner of {Module} was adopted by another process; going on under a new id", database.Schema);
                if (!await TryAsync(owner.RenewAsync))
                {
                    await GiveBackAsync(batch);
                    return;
                }
            }
            catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.LockNotAvailable)
            {
                logger.LogInformation("A batch of {Sessions} in {Module} is repeated: {Reason}", batch.Count, database.Schema, e.MessageText);
                await PauseAsync(Random.Shared.Next(5, 30));
            }
            catch (PostgresException e) when (IsFaultOfASession(e))
            {
                await FailOrHalveAsync(batch, e, failures);
                return;
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                logger.LogWarning("The answer to a commit of {Sessions} sessions in {Module} was lost: {Reason}", batch.Count, database.Schema, e.Message);
                if (await ResolveAsync(sets, batchId) is { } rows)
                {
                    Done(batch, rows, started);
                    return;
                }

                if (!IsConnectionTrouble(e))
                {
                    await FailOrHalveAsync(batch, e, failures);
                    return;
                }

                // Known not to be committed: callers whose time is up may withdraw now, the rest is committed anew.
                if (!await OpenForRetryAsync(batch))
                    return;
            }
        }
    }

    /// <summary>Somebody's row is poison and the database does not say whose: halve until it stands alone.</summary>
    private async Task FailOrHalveAsync(List<CommitRequest> batch, Exception error, int failures)
    {
        if (batch.Count == 1)
            batch[0].Fail(error);
        else
            await HalveAsync(batch, failures);
    }

    private async Task HalveAsync(List<CommitRequest> batch, int failures)
    {
        var half = batch.Count / 2;
        await CommitBatchAsync(batch.GetRange(0, half), failures);
        await CommitBatchAsync(batch.GetRange(half, batch.Count - half), failures);
    }

    private void Done(List<CommitRequest> batch, List<OutboxRow> rows, long started)
    {
        metrics.Committed(database.Schema, batch.Count, Stopwatch.GetElapsedTime(started));
        committed(rows);
        foreach (var request in batch)
            request.Succeed();
    }

    /// <summary>Fails the sessions that the refusal names and takes them out of the batch.</summary>
    private static void Remove(List<CommitRequest> batch, PostgresException refusal)
    {
        var offenders = refusal.MessageText.Split(' ')[^1].Split(',').Select(ord => batch[int.Parse(ord)]).ToArray();
        foreach (var offender in offenders)
        {
            offender.Fail(Refusal(refusal));
            batch.Remove(offender);
        }
    }

    /// <summary>What the schema's <c>refuse</c> function said, as the exception its session gets.</summary>
    internal static Exception Refusal(PostgresException refusal)
    {
        var words = refusal.MessageText.Split(' ');
        return words[0] switch
        {
            "exists" => new DocumentExistsException($"A {words[1]} with this id or unique value exists."),
            "handled" => new AlreadyHandledException(),
            _ => new VersionConflictException($"A {words[1]} was changed or removed meanwhile."),
        };
    }

    internal static bool IsConnectionTrouble(Exception e) =>
        e is NpgsqlException or TimeoutException or IOException or ObjectDisposedException or System.Net.Sockets.SocketException;

    internal static bool IsFaultOfASession(PostgresException e) =>
        e.SqlState.Length == 5 && e.SqlState[..2] is "21" or "22" or "23" or "42" or "44" or "54" or "P0";

    /// <summary>Asks until the database has said how the batch ended, however long it is away.</summary>
    private async Task<List<OutboxRow>?> ResolveAsync(List<WriteSet> sets, Guid batchId)
    {
        while (true)
        {
            try
            {
                return await executor.ResolveAsync(sets, batchId, stop.Token);
            }
            catch (Exception e) when (IsConnectionTrouble(e))
            {
                logger.LogDebug("The outcome of a commit in {Module} is still open: {Reason}", database.Schema, e.Message);
                await PauseAsync(100);
            }
        }
    }

    private async Task<bool> OpenForRetryAsync(List<CommitRequest> batch)
    {
        foreach (var request in batch)
            request.Release();
        while (!await TryAsync(executor.EnsureOpenAsync))
            await PauseAsync(200);
        batch.RemoveAll(r => r.IsAbandoned || !r.TryTake());
        return batch.Count > 0;
    }

    private async Task GiveBackAsync(List<CommitRequest> batch)
    {
        foreach (var request in batch)
            request.Fail(new CommitUnavailableException("The database went away. Nothing was saved; try again."));
        await PauseAsync(100);
    }

    private async Task<bool> TryAsync(Func<CancellationToken, Task> step)
    {
        try
        {
            await step(stop.Token);
            return true;
        }
        catch (Exception e) when (IsConnectionTrouble(e))
        {
            logger.LogWarning("The {Module} store cannot reach the database: {Reason}", database.Schema, e.Message);
            return false;
        }
    }

    private Task PauseAsync(int milliseconds) => Task.Delay(milliseconds, stop.Token);
}

/// <summary>The inbox has this event of this handler already: its effect is there.</summary>
internal sealed class AlreadyHandledException() : Exception("This event was handled before.");
