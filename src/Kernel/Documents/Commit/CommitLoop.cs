using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Modular.Kernel.Messaging;

namespace Modular.Kernel.Documents.Commit;

/// <summary>
/// Commits for everybody: takes what is queued, without a timer, and commits it as one. A batch grows with what
/// queued during the one before, so an idle store answers at once and a busy one shares its commits.
/// </summary>
internal sealed class CommitLoop : IAsyncDisposable
{
    private const int MostCallers = 8192;

    // A caller who finds the loop idle carries its batch to the socket itself: one thread switch less before a lone commit.
    private readonly Channel<CommitRequest> queue =
        Channel.CreateUnbounded<CommitRequest>(new UnboundedChannelOptions { SingleReader = true, AllowSynchronousContinuations = true });
    private readonly HeldUpSessions heldUp = new();
    private readonly CancellationTokenSource stop = new();
    private readonly DatabaseOptions options;
    private readonly TimeProvider clock;
    private readonly BatchExecutor executor;
    private readonly BatchCommitter committer;
    private readonly ILogger logger;
    private readonly string module;
    private Task? running;
    private int waitingCallers;

    public CommitLoop(
        ModuleDatabase database, OutboxOwner owner, DatabaseOptions options, TimeProvider clock, Action<List<OutboxRow>> committed, KernelMetrics metrics,
        ILogger logger)
    {
        (this.options, this.clock, this.logger, module) = (options, clock, logger, database.Schema);
        executor = new BatchExecutor(database, owner);
        committer = new BatchCommitter(executor, database, owner, heldUp, committed, metrics, logger, stop.Token);
    }

    /// <summary>The loop's end, which is not expected: a loop that ended without being stopped makes liveness fail.</summary>
    public bool IsAlive => running is { IsCompleted: false };

    public void Start() => running = Task.Run(RunAsync);

    /// <summary>Waits until the set is durably committed.</summary>
    public async Task CommitAsync(WriteSet writes, CancellationToken ct)
    {
        var request = new CommitRequest(writes, writes.Locks());
        try
        {
            if (Interlocked.Increment(ref waitingCallers) > MostCallers)
                throw new CommitUnavailableException("Too much is waiting to be saved. Nothing was saved; try again shortly.");
            if (!queue.Writer.TryWrite(request))
                throw Stopping();
            if (!await IsDoneAsync(request, ct))
                await OutcomeAsync(request);
        }
        finally
        {
            Interlocked.Decrement(ref waitingCallers);
        }
    }

    /// <summary>Takes nothing new, commits what is queued and ends.</summary>
    public async Task StopAsync(TimeSpan patience)
    {
        queue.Writer.TryComplete();
        if (running is null)
            return;
        await Task.WhenAny(running, Task.Delay(patience, clock, CancellationToken.None));
        await stop.CancelAsync();
        await running;
    }

    public async ValueTask DisposeAsync()
    {
        await executor.DisposeAsync();
        stop.Dispose();
    }

    /// <summary>False when it was taken and has no outcome yet: from there on it belongs to the database, and cancellation no longer counts.</summary>
    private async Task<bool> IsDoneAsync(CommitRequest request, CancellationToken ct)
    {
        try
        {
            await request.Completion.WaitAsync(TimeSpan.FromMilliseconds(options.QueueTimeoutMs), clock, ct);
            return true;
        }
        catch (TimeoutException)
        {
            if (request.TryWithdraw())
                throw new CommitUnavailableException("The database did not take it in time. Nothing was saved; try again.");
            return false;
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            if (request.TryWithdraw())
                throw;
            return false;
        }
    }

    private async Task OutcomeAsync(CommitRequest request)
    {
        try
        {
            await request.Completion.WaitAsync(TimeSpan.FromMilliseconds(options.OutcomeTimeoutMs), clock, CancellationToken.None);
        }
        catch (TimeoutException)
        {
            if (request.TryWithdraw())
                throw new CommitUnavailableException("The database went away. Nothing was saved; try again.");
            request.Abandon();
            throw new CommitOutcomeUnknownException("It may have been saved; send it again with the same clientId.");
        }
    }

    private static CommitUnavailableException Stopping() => new("The host is stopping. Nothing was saved; send it again.");

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

        while (heldUp.Take() is { } request)
            request.Fail(Stopping());
        foreach (var request in waiting.Where(r => r.TryWithdraw()))
            request.Fail(Stopping());
    }

    private async Task CommitAllAsync(LinkedList<CommitRequest> waiting)
    {
        while (!stop.IsCancellationRequested)
        {
            if (waiting.Count == 0 && heldUp.Count == 0 && !await MoreAsync())
                break;
            while (queue.Reader.TryRead(out var request))
                waiting.AddLast(request);

            if (!await OpenAsync(waiting))
                continue;
            var batch = BatchPicker.Take(waiting, heldUp);
            if (batch.Count > 0)
                await committer.CommitAsync(batch);
            if (heldUp.Take() is { } session)
                await committer.CommitAsync([session], impatient: true);
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
        catch (Exception e) when (CommitFaults.IsConnectionTrouble(e) || e is OperationCanceledException)
        {
            if (stop.IsCancellationRequested)
                return false;
            logger.LogWarning("The {Module} store has no connection to the database: {Reason}", module, e.Message);
            for (var node = waiting.First; node is not null;)
            {
                var next = node.Next;
                if (node.Value.IsWithdrawn)
                    waiting.Remove(node);
                node = next;
            }

            await Task.Delay(200, stop.Token);
            return false;
        }
    }
}
