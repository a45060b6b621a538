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
                foreach (var letter in await MarkedAsync(stop))
                    await ReplayAsync(letter, stop);
            }
            catch (Exception e) when (HandlerDispatcher.IsPassing(e))
            {
                logger.LogInformation("Dead letters of {Module} are replayed later: {Reason}", store.Module, e.Message);
            }
        }
    }

    private async Task ReplayAsync(Letter letter, CancellationToken ct)
    {
        var (name, row, _) = letter;
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
        catch (Exception e) when (HandlerDispatcher.IsPassing(e))
        {
            // It stays marked; the letters behind it shall not wait for what this one waits for.
            logger.LogInformation("{Handler} handles the dead letter {Event} {EventId} later: {Reason}", name, row.Type, row.EventId, e.Message);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            logger.LogError(e, "{Handler} failed again on the dead letter {Event} {EventId}", name, row.Type, row.EventId);
            await KeepAsync(letter, e, ct);
        }
    }

    private async Task<List<Letter>> MarkedAsync(CancellationToken ct)
    {
        await using var command = store.Database.Side.CreateCommand("""
            select handler, event_id, stream, seq, type, data::text, coalesce(happened_at, at), request_id, replay_at from dead_letters where replay_at is not null
            order by stream, seq, at limit $1
            """);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = MostAtOnce });
        var marked = new List<Letter>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            marked.Add(new Letter(reader.GetString(0), new OutboxRow(
                0, 0, reader.GetGuid(1), reader.IsDBNull(2) ? null : reader.GetString(2), reader.GetInt64(3), reader.GetString(4), Guid.Empty,
                Encoding.UTF8.GetBytes(reader.GetString(5)), reader.GetFieldValue<DateTimeOffset>(6), reader.IsDBNull(7) ? null : reader.GetString(7), null), reader.GetFieldValue<DateTimeOffset>(8)));
        }

        return marked;
    }

    /// <summary>Only the mark that was followed goes: another has been made since for a reason, for example a new version.</summary>
    private async Task KeepAsync(Letter letter, Exception error, CancellationToken ct)
    {
        await using var command = store.Database.Side.CreateCommand(
            "update dead_letters set replay_at = null, attempts = attempts + 1, error = $3 where event_id = $1 and handler = $2 and replay_at = $4");
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = letter.Row.EventId });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = letter.Handler });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = error.ToString() });
        command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = letter.MarkedAt });
        await command.ExecuteNonQueryAsync(ct);
    }

    private sealed record Letter(string Handler, OutboxRow Row, DateTimeOffset MarkedAt);
}
