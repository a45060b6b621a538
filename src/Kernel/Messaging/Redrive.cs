using System.Text;
using Microsoft.Extensions.Logging;
using Modular.Kernel.Documents;
using Modular.Kernel.Documents.Commit;
using Npgsql;

namespace Modular.Kernel.Messaging;

/// <summary>
/// Handles dead letters anew that an operator has marked (<c>host dead-letters replay</c>). Any process that serves may
/// do it: the letter's end is in the commit of its effect, so two that try have one effect.
/// </summary>
internal sealed class Redrive(DocumentStore store, HandlerIndex handlers, HandlerDispatcher dispatcher, ILogger logger)
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);
    private const int MostAtOnce = 100;

    public async Task RunUntilAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Every, store.Clock);
        while (await timer.WaitForNextTickAsync(stop))
        {
            try
            {
                foreach (var (handler, row) in await MarkedAsync(stop))
                    await ReplayAsync(handler, row, stop);
            }
            catch (Exception e) when (HandlerDispatcher.IsPassing(e))
            {
                logger.LogInformation("Dead letters of {Module} are replayed later: {Reason}", store.Module, e.Message);
            }
        }
    }

    private async Task ReplayAsync(string name, OutboxRow row, CancellationToken ct)
    {
        try
        {
            var handler = handlers.Find(store.Module, name, row.Type)
                ?? throw new InvalidOperationException($"This version of {store.Module} has no handler {name} for {row.Type}.");
            await dispatcher.ReplayAsync(handler, row, ct);
            logger.LogInformation("{Handler} has handled the dead letter {Event} {EventId}", name, row.Type, row.EventId);
        }
        catch (AlreadyHandledException)
        {
            logger.LogDebug("Another process has handled the dead letter {EventId}", row.EventId);
        }
        catch (Exception e) when (!HandlerDispatcher.IsPassing(e) && !ct.IsCancellationRequested)
        {
            logger.LogError(e, "{Handler} failed again on the dead letter {Event} {EventId}", name, row.Type, row.EventId);
            await KeepAsync(name, row.EventId, e, ct);
        }
    }

    private async Task<List<(string Handler, OutboxRow Row)>> MarkedAsync(CancellationToken ct)
    {
        await using var command = store.Database.Side.CreateCommand("""
            select handler, event_id, stream, seq, type, data::text, coalesce(happened_at, at), request_id from dead_letters where replay_at is not null
            order by stream, seq, at limit $1
            """);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = MostAtOnce });
        var marked = new List<(string, OutboxRow)>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            marked.Add((reader.GetString(0), new OutboxRow(
                0, 0, reader.GetGuid(1), reader.IsDBNull(2) ? null : reader.GetString(2), reader.GetInt64(3), reader.GetString(4), Guid.Empty,
                Encoding.UTF8.GetBytes(reader.GetString(5)), reader.GetFieldValue<DateTimeOffset>(6), reader.IsDBNull(7) ? null : reader.GetString(7), null)));
        }

        return marked;
    }

    private async Task KeepAsync(string handler, Guid eventId, Exception error, CancellationToken ct)
    {
        await using var command = store.Database.Side.CreateCommand(
            "update dead_letters set replay_at = null, attempts = attempts + 1, error = $3 where event_id = $1 and handler = $2");
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = eventId });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = handler });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = error.ToString() });
        await command.ExecuteNonQueryAsync(ct);
    }
}
