using System.Data.Common;
using Microsoft.Extensions.Logging;
using Modular.Kernel.Messaging;
using Npgsql;

namespace Modular.Kernel.Documents.Commit;

/// <summary>
/// A connection beside the commit loop, for sessions too large to make others wait for and for work that needs
/// statements of its own. One at a time.
/// </summary>
internal sealed class SideCommit(
    ModuleDatabase database, OutboxOwner owner, DatabaseOptions options, Action<List<OutboxRow>> committed, ILogger logger) : IAsyncDisposable
{
    private readonly SemaphoreSlim turn = new(1, 1);
    private readonly BatchExecutor executor = new(database, owner);

    /// <summary>As the loop, with a batch of one.</summary>
    public async Task CommitAsync(WriteSet writes, CancellationToken ct)
    {
        if (!await turn.WaitAsync(options.QueueTimeoutMs, ct))
            throw new CommitUnavailableException("Too much is waiting to be saved. Nothing was saved; try again shortly.");
        try
        {
            await CommitAloneAsync(writes, ct);
        }
        finally
        {
            turn.Release();
        }
    }

    public async Task<T> TransactAsync<T>(DocumentStore store, Func<ISideTransaction, CancellationToken, Task<T>> work, CancellationToken ct)
    {
        if (!await turn.WaitAsync(options.QueueTimeoutMs, ct))
            throw new CommitUnavailableException("The side connection is busy. Nothing was saved; try again shortly.");
        try
        {
            return await executor.TransactAsync(store, work, committed, ct);
        }
        finally
        {
            turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await executor.DisposeAsync();
        turn.Dispose();
    }

    private async Task CommitAloneAsync(WriteSet writes, CancellationToken ct)
    {
        for (var tries = 1; ; tries++)
        {
            var batchId = Guid.CreateVersion7();
            await OpenAsync(ct);
            try
            {
                committed(await executor.ExecuteAsync([writes], batchId));
                return;
            }
            catch (PostgresException e) when (e.SqlState is BatchSql.Offenders)
            {
                throw CommitFaults.Refusal(e);
            }
            catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.UniqueViolation)
            {
                throw CommitFaults.OfSession(e);
            }
            catch (PostgresException e) when (e.SqlState is BatchSql.OwnerGone && tries < 5)
            {
                await owner.RenewAsync(ct);
            }
            catch (PostgresException e) when (e.IsTransient && e.SqlState[..2] is "40" or "55" && tries < 5)
            {
                logger.LogInformation("A large commit in {Module} is repeated: {Reason}", database.Schema, e.MessageText);
            }
            catch (Exception e) when (CommitFaults.IsConnectionTrouble(e) && !(e is PostgresException p && CommitFaults.IsFaultOfASession(p)))
            {
                if (await ResolveAsync([writes], batchId, e) is { } rows)
                {
                    committed(rows);
                    return;
                }

                throw new CommitUnavailableException("The database went away. Nothing was saved; try again.", e);
            }
        }
    }

    private async Task OpenAsync(CancellationToken ct)
    {
        try
        {
            await executor.EnsureOpenAsync(ct);
        }
        catch (Exception e) when (CommitFaults.IsConnectionTrouble(e))
        {
            throw new CommitUnavailableException("The database is away. Nothing was saved; try again shortly.", e);
        }
    }

    private async Task<List<OutboxRow>?> ResolveAsync(IReadOnlyList<WriteSet> sets, Guid batchId, Exception lost)
    {
        using var deadline = new CancellationTokenSource(options.OutcomeTimeoutMs);
        while (true)
        {
            try
            {
                return await executor.ResolveAsync(sets, batchId, deadline.Token);
            }
            catch (Exception e) when (CommitFaults.IsConnectionTrouble(e) && !deadline.IsCancellationRequested)
            {
                logger.LogDebug("The outcome of a large commit in {Module} is still open: {Reason}", database.Schema, e.Message);
                await Task.Delay(100, CancellationToken.None);
            }
            catch (Exception e) when (CommitFaults.IsConnectionTrouble(e) || e is OperationCanceledException)
            {
                throw new CommitOutcomeUnknownException("It may have been saved; send it again with the same clientId.", lost);
            }
        }
    }
}
