using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Modular.Kernel.Documents;
using Modular.Kernel.Documents.Commit;
using Modular.Kernel.Modules;
using Modular.Kernel.Observability;
using Modular.Kernel.Web;
using Npgsql;

namespace Modular.Kernel.Messaging;

/// <summary>
/// Runs handlers: each event once in effect, because the inbox row goes into the handler's own commit. Waits out a
/// database that is away and repeats conflicts without counting; other errors get three tries and then a row in the
/// module's dead letters, in the same commit as the inbox row, so one poison event holds up nothing.
/// </summary>
internal sealed partial class HandlerDispatcher(
    IServiceScopeFactory scopes, StoreSet stores, KernelMetrics metrics, TimeProvider clock, ILogger<HandlerDispatcher> logger)
{
    private const int MostRaces = 5;

    private static readonly int[] Pauses = [50, 200, 1000];

    /// <summary>In order within the handler and stream, side by side across them; returns when every event's effect is committed.</summary>
    public Task HandleAsync(IEnumerable<(HandlerPlan Handler, OutboxRow Row)> work, CancellationToken ct) =>
        Task.WhenAll(work.GroupBy(w => (w.Handler, Order: w.Row.Stream ?? w.Row.EventId.ToString())).Select(async same =>
        {
            foreach (var (handler, row) in same)
                await HandleAsync(handler, row, ct);
        }));

    /// <summary>Handles a dead letter's event once more, in one commit with the letter's end; throws what the handler threw.</summary>
    public Task ReplayAsync(HandlerPlan handler, OutboxRow row, CancellationToken ct) =>
        TryAsync(handler, row, session => session.Replays = new InboxWrite(row.EventId, handler.Name), ct);

    private async Task HandleAsync(HandlerPlan handler, OutboxRow row, CancellationToken ct)
    {
        using var span = Traces.Begin("handle", row.Type, ActivityKind.Consumer, row.Trace);
        span?.SetTag("modular.handler", $"{handler.Module} {handler.Name}").SetTag("request.id", row.RequestId);
        var failures = 0;
        for (var repeats = 0; ;)
        {
            try
            {
                await TryAsync(handler, row, session => session.Inbox = new InboxWrite(row.EventId, handler.Name), ct);
                return;
            }
            catch (AlreadyHandledException)
            {
                metrics.HandledBefore(handler.Module);
                return;
            }
            catch (Exception e) when (IsPassing(e) || (e is DocumentExistsException && repeats < MostRaces))
            {
                // Two that saw nothing and insert the same is a race like a changed version, unless it goes on.
                repeats++;
                logger.LogInformation("{Handler} repeats {Event}: {Reason}", handler.Name, row.Type, e.Message);
                await Task.Delay(Math.Min(5_000, 20 << Math.Min(repeats, 8)), ct);
            }
            catch (Exception e) when (e is not OperationCanceledException || !ct.IsCancellationRequested)
            {
                failures++;
                metrics.HandlerFailed(handler.Module, handler.Name);
                logger.LogWarning(e, "{Handler} failed on {Event} {EventId} (try {Try})", handler.Name, row.Type, row.EventId, failures);
                if (failures > Pauses.Length)
                {
                    span?.SetStatus(ActivityStatusCode.Error);
                    await BuryAsync(handler, row, e, failures, ct);
                    return;
                }

                await Task.Delay(TimeSpan.FromMilliseconds(Pauses[failures - 1]), clock, ct);
            }
        }
    }

    private async Task TryAsync(HandlerPlan handler, OutboxRow row, Action<DocumentSession> mark, CancellationToken ct)
    {
        var happened = (IEvent?)JsonSerializer.Deserialize(row.Data.Span, handler.EventType, ModularJson.Options)
            ?? throw new JsonException($"{row.Type} has no data.");
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<ModuleScope>().Module = handler.Module;
        scope.ServiceProvider.GetRequiredService<RequestScope>().RequestId = row.RequestId;
        using var logged = logger.BeginScope(new Dictionary<string, object?>(StringComparer.Ordinal) { ["RequestId"] = row.RequestId });
        var session = (DocumentSession)scope.ServiceProvider.GetRequiredService<IDocumentSession>();
        mark(session);
        var begun = Stopwatch.GetTimestamp();
        await handler.Invoke(scope.ServiceProvider, happened, row.Context, ct);
        await session.SaveChangesAsync(ct);
        var took = Stopwatch.GetElapsedTime(begun);
        metrics.Handled(handler.Module, handler.Name, took);
        Handled(handler.Module, handler.Name, row.Type, row.EventId, took.TotalMilliseconds);
    }

    private async Task BuryAsync(HandlerPlan handler, OutboxRow row, Exception error, int attempts, CancellationToken ct)
    {
        metrics.DeadLettered(handler.Module);
        logger.LogError(error, "{Handler} gave up on {Event} {EventId}; it is in {Module}.dead_letters", handler.Name, row.Type, row.EventId, handler.Module);
        while (true)
        {
            try
            {
                var session = stores[handler.Module].OpenSession(row.RequestId);
                session.Inbox = new InboxWrite(row.EventId, handler.Name);
                session.DeadLetter = new DeadLetterWrite(
                    row.EventId, handler.Name, row.Type, row.Stream, row.Seq, Encoding.UTF8.GetString(row.Data.Span), row.At, row.RequestId, error.ToString(), attempts);
                await session.SaveChangesAsync(ct);
                return;
            }
            catch (AlreadyHandledException)
            {
                return;
            }
            catch (Exception e) when (IsPassing(e))
            {
                await Task.Delay(500, ct);
            }
        }
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Debug, Message = "{Module} {Handler} has handled {Event} {EventId} in {Ms:0.0} ms")]
    private partial void Handled(string module, string handler, string @event, Guid eventId, double ms);

    public static bool IsPassing(Exception e) => e switch
    {
        VersionConflictException or CommitUnavailableException or CommitOutcomeUnknownException or TimeoutException => true,
        PostgresException p => p.IsTransient || p.SqlState[..2] is "08" or "40" or "53" or "55" or "57",
        NpgsqlException => true,
        _ => false,
    };
}
