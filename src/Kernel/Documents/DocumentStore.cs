using System.Data.Common;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Modular.Kernel.Documents.Commit;
using Modular.Kernel.Messaging;
using Modular.Kernel.Modules;
using Npgsql;

namespace Modular.Kernel.Documents;

/// <summary>One module's store: its tables, its log, and the two ways into a commit.</summary>
internal sealed class DocumentStore : IDocumentStore, IAsyncDisposable
{
    private readonly Dictionary<Type, TablePlan> tables;
    private readonly HashSet<Type> events;
    private readonly EventNames names;
    private readonly Guid holder = Guid.CreateVersion7();

    public DocumentStore(
        ModuleStoreBuilder declared, DatabaseOptions options, NpgsqlDataSource heartbeats, BusHealth bus, EventNames names, TimeProvider clock, KernelMetrics metrics,
        Action<DocumentStore, List<OutboxRow>> committed, string instance, ILoggerFactory loggers)
    {
        Module = declared.Module;
        Clock = clock;
        this.names = names;
        events = [.. declared.Events];
        tables = declared.Tables.ToDictionary(t => t.Type);
        Database = new ModuleDatabase(Module, options);
        Log = new StreamLog(Database);
        Owner = new OutboxOwner(Module, heartbeats, instance, bus, clock, loggers.CreateLogger<OutboxOwner>());
        Loop = new CommitLoop(Database, Owner, options, clock, rows => committed(this, rows), metrics, loggers.CreateLogger<CommitLoop>());
        Outbox = new OutboxCount(this, metrics, loggers.CreateLogger<OutboxCount>());
        SideCommit = new SideCommit(Database, Owner, options, rows => committed(this, rows), loggers.CreateLogger<SideCommit>());
    }

    public string Module { get; }

    public TimeProvider Clock { get; }

    public ModuleDatabase Database { get; }

    public StreamLog Log { get; }

    public OutboxOwner Owner { get; }

    public OutboxCount Outbox { get; }

    public CommitLoop Loop { get; }

    public SideCommit SideCommit { get; }

    public IReadOnlyCollection<TablePlan> Tables => tables.Values;

    public IDocumentSession OpenSession() => new DocumentSession(this, requestId: null);

    public DocumentSession OpenSession(string? requestId) => new(this, requestId);

    public TablePlan TableOf(Type document) => tables.TryGetValue(document, out var table)
        ? table
        : throw new InvalidOperationException($"The module {Module} declares no document {document.Name}.");

    /// <summary>Only the module a stream's first segment names may append to it.</summary>
    public void RequireOwn(string stream)
    {
        if (!StreamNames.Owner(stream).Equals(Module, StringComparison.Ordinal))
            throw new InvalidOperationException($"The stream {stream} does not belong to the module {Module}.");
    }

    public EventWrite Write(string? stream, IEvent happened)
    {
        if (happened is RelayedEvent relayed)
        {
            return stream is null
                ? throw new InvalidOperationException($"{relayed.Type} is relayed: it is appended to a stream, and handlers would not find it.")
                : new EventWrite(Guid.CreateVersion7(), stream, relayed.WireName, relayed.Subject, relayed.Data.GetRawText());
        }

        // Another module's would go to queues that its handlers do not listen at.
        var type = happened.GetType();
        return events.Contains(type)
            ? new EventWrite(Guid.CreateVersion7(), stream, names.Of(type), happened.Subject, JsonSerializer.Serialize(happened, type, ModularJson.Options))
            : throw new InvalidOperationException($"{type} is not declared by the module {Module}; add .Event<{type.Name}>() or .PublishedEvent<{type.Name}>() to its store.");
    }

    public Task<T> TransactAsync<T>(Func<ISideTransaction, CancellationToken, Task<T>> work, CancellationToken ct) =>
        SideCommit.TransactAsync(this, work, ct);

    public async Task<bool> HoldLeaseAsync(string name, TimeSpan time, CancellationToken ct)
    {
        await using var command = Database.Side.CreateCommand("""
            insert into leases as l (name, holder, until) values ($1, $2, now() + $3)
            on conflict (name) do update set holder = excluded.holder, until = excluded.until
            where l.holder = excluded.holder or l.until < now()
            """);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = name });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = holder });
        command.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = time });
        return await command.ExecuteNonQueryAsync(ct) == 1;
    }

    public Task ForgetStreamAsync(string stream, CancellationToken ct)
    {
        RequireOwn(stream);
        return TransactAsync(
            async (transaction, token) =>
            {
                // Whoever appends waits here, and then begins anew.
                await transaction.QueryAsync($"select head from streams where name = {stream} for update", row => row.GetInt64(0), token);
                var gone = await transaction.QueryAsync(
                    $"delete from events e where stream = {stream} and not exists (select from outbox o where o.event_id = e.event_id) returning seq", row => row.GetInt64(0), token);
                await transaction.QueryAsync(
                    $"delete from streams where name = {stream} and not exists (select from events where stream = {stream}) returning head", row => row.GetInt64(0), token);
                return gone.Count;
            },
            ct);
    }

    public Task ForgetDeadLettersAsync(Guid person, CancellationToken ct) => TransactAsync(
        async (transaction, token) => (await transaction.QueryAsync(
            $"""
             delete from dead_letters where position({person.ToString()} in data::text) > 0 and data::jsonb <> jsonb_build_object('id', {person})
             returning event_id
             """,
            row => row.GetGuid(0), token)).Count,
        ct);

    public async ValueTask DisposeAsync()
    {
        await Loop.DisposeAsync();
        await SideCommit.DisposeAsync();
        Owner.Dispose();
        await Database.DisposeAsync();
    }
}

internal static class StreamNames
{
    /// <summary>The first segment: the module that owns the stream.</summary>
    public static string Owner(string stream) => stream.IndexOf('/') is > 0 and var end ? stream[..end] : stream;
}
