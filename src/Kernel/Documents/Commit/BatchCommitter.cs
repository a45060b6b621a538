using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Modular.Kernel.Messaging;
using Npgsql;

namespace Modular.Kernel.Documents.Commit;

/// <summary>
/// Commits a batch and sorts out what goes wrong: offenders that the database names leave it, poison is found by halving, passing trouble is
/// repeated, and an answer that was lost is asked for until it is known. Longer than most files because these belong together.
/// </summary>
internal sealed class BatchCommitter(
    BatchExecutor executor, ModuleDatabase database, OutboxOwner owner, HeldUpSessions heldUp, Action<List<OutboxRow>> committed, KernelMetrics metrics,
    ILogger logger, CancellationToken stop)
{
    /// <summary>Returns when every session has its answer, or is held up.</summary>
    /// <param name="impatient">Somebody in it is known to need a row that is held, for which the others wait no longer than they must.</param>
    public async Task CommitAsync(List<CommitRequest> batch, int failures = 0, bool impatient = false)
    {
        while (batch.Count > 0)
        {
            // A retry may find the connection gone; the first try has just been given an open one.
            if (!executor.IsOpen && !await OpenForRetryAsync(batch))
                return;
            var sets = batch.ConvertAll(r => r.Writes);
            var batchId = Guid.CreateVersion7();
            var started = Stopwatch.GetTimestamp();
            try
            {
                Done(batch, await executor.ExecuteAsync(sets, batchId, impatient), started);
                return;
            }
            catch (PostgresException e) when (e.SqlState is BatchSql.Offenders)
            {
                failures++;
                Remove(batch, e);
                if (failures >= 3 && batch.Count > 1)
                {
                    await HalveAsync(batch, failures, impatient);
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
            catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.LockNotAvailable)
            {
                // Somebody holds a row for long: those who do not need it shall not wait with those who do.
                if (batch.Count > 1)
                    await HalveAsync(batch, failures, impatient: true);
                else
                    HoldUp(batch[0]);
                return;
            }
            catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected)
            {
                logger.LogInformation("A batch of {Sessions} in {Module} is repeated: {Reason}", batch.Count, database.Schema, e.MessageText);
                await PauseAsync(Random.Shared.Next(5, 30));
                batch.RemoveAll(r => r.IsAbandoned);
            }
            catch (PostgresException e) when (CommitFaults.IsFaultOfASession(e))
            {
                await FailOrHalveAsync(batch, e, failures, impatient);
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

                if (!CommitFaults.IsConnectionTrouble(e))
                {
                    await FailOrHalveAsync(batch, e, failures, impatient);
                    return;
                }

                // Known not to be committed: callers whose time is up may withdraw now, the rest is committed anew.
                if (!await OpenForRetryAsync(batch))
                    return;
            }
        }
    }

    /// <summary>Somebody's row is poison and the database does not say whose: halve until it stands alone.</summary>
    private async Task FailOrHalveAsync(List<CommitRequest> batch, Exception error, int failures, bool impatient)
    {
        if (batch.Count == 1)
            batch[0].Fail(CommitFaults.OfSession(error));
        else
            await HalveAsync(batch, failures, impatient);
    }

    private async Task HalveAsync(List<CommitRequest> batch, int failures, bool impatient)
    {
        var half = batch.Count / 2;
        await CommitAsync(batch.GetRange(0, half), failures, impatient);
        var rest = batch.GetRange(half, batch.Count - half);
        foreach (var request in heldUp.Behind(rest))
        {
            HoldUp(request);
            rest.Remove(request);
        }

        await CommitAsync(rest, failures, impatient);
    }

    private void Done(List<CommitRequest> batch, List<OutboxRow> rows, long started)
    {
        metrics.Committed(database.Schema, batch.Count, Stopwatch.GetElapsedTime(started));
        committed(rows);
        foreach (var request in batch)
            request.Succeed();
    }

    private void HoldUp(CommitRequest request)
    {
        if (!request.IsHeldUp)
            logger.LogInformation("A session in {Module} waits for a row that is held", database.Schema);
        request.IsHeldUp = true;
        request.Release();
        if (!request.IsAbandoned)
            heldUp.Add(request);
    }

    /// <summary>Fails the sessions that the refusal names and takes them out of the batch.</summary>
    private static void Remove(List<CommitRequest> batch, PostgresException refusal)
    {
        var offenders = refusal.MessageText.Split(' ')[^1].Split(',').Select(ord => batch[int.Parse(ord)]).ToArray();
        foreach (var offender in offenders)
        {
            offender.Fail(CommitFaults.Refusal(refusal));
            batch.Remove(offender);
        }
    }

    /// <summary>Asks until the database has said how the batch ended, however long it is away.</summary>
    private async Task<List<OutboxRow>?> ResolveAsync(List<WriteSet> sets, Guid batchId)
    {
        while (true)
        {
            try
            {
                return await executor.ResolveAsync(sets, batchId, stop);
            }
            catch (Exception e) when (CommitFaults.IsConnectionTrouble(e))
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

    private Task PauseAsync(int milliseconds) => Task.Delay(milliseconds, stop);

    private async Task<bool> TryAsync(Func<CancellationToken, Task> step)
    {
        try
        {
            await step(stop);
            return true;
        }
        catch (Exception e) when (CommitFaults.IsConnectionTrouble(e))
        {
            logger.LogWarning("The {Module} store cannot reach the database: {Reason}", database.Schema, e.Message);
            return false;
        }
    }
}
