using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Modular.Bench.Measuring;
using Modular.Bench.Plain;
using Modular.Kernel.Documents;
using Modular.Testing;

namespace Modular.Bench.Store;

/// <summary>The commit loop itself: callers in this process open sessions on a store, write a document and its event, and commit.</summary>
internal sealed class StoreSurface : ISurface
{
    private readonly TestDatabase database;
    private readonly IHost host;
    private readonly DocumentStore store;
    private readonly PlainCommit plain;
    private readonly BatchCount batches = new("modular.commit.batch_size", "notes");

    private StoreSurface(TestDatabase database, IHost host)
    {
        (this.database, this.host) = (database, host);
        var stores = host.Services.GetRequiredService<StoreSet>();
        store = stores["notes"];
        plain = new PlainCommit(store, database.ConnectionString, rows => stores.Committed!(store, rows)) { Owner = store.Owner.Id };
    }

    public static async Task<StoreSurface> StartAsync()
    {
        var empty = await TestDatabase.CreateAsync();
        var builder = Microsoft.Extensions.Hosting.Host.CreateApplicationBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Configuration["Database:ConnectionString"] = empty.ConnectionString;
        new NotesModule().AddServices(builder);
        builder.AddDocumentEngine();
        var started = builder.Build();
        await started.StartAsync();
        return new StoreSurface(empty, started);
    }

    public async Task<Run> MeasureAsync(Setting setting, string way, int round, double ramp, double seconds)
    {
        await using var server = await Server.OpenAsync(database.ConnectionString);
        await server.CheckpointAsync();
        var before = await server.CountAsync("notes.note");
        var rooms = Enumerable.Range(0, setting.Streams).Select(_ => Guid.NewGuid()).ToArray();
        var window = Window.After(ramp, seconds);
        var latencies = new Latencies();
        var callers = Enumerable.Range(0, setting.Callers).Select(n => Task.Run(() => CallAsync(way, rooms[n % rooms.Length], latencies, window))).ToArray();
        await window.BeganAsync();
        var began = await GaugesAsync(server);
        await window.EndedAsync();
        var ended = await GaugesAsync(server);
        var answers = await Task.WhenAll(callers);
        if (await server.CountAsync("notes.note") - before is var stored && stored != answers.Sum())
            throw new InvalidOperationException($"{answers.Sum()} sessions were told that they are committed, the table has {stored} more.");
        var spread = latencies.Spread();
        return ended.Since(began, setting, way, round, window.Seconds, spread.Count / window.Seconds, spread);
    }

    public async ValueTask DisposeAsync()
    {
        batches.Dispose();
        await plain.DisposeAsync();
        await host.StopAsync();
        host.Dispose();
        await database.DisposeAsync();
    }

    private async Task<long> CallAsync(string way, Guid room, Latencies latencies, Window window)
    {
        var stream = $"notes/{room}";
        for (long done = 0; ; done++)
        {
            var began = Stopwatch.GetTimestamp();
            if (window.IsOver(began))
                return done;
            IDocumentSession session = way == Ways.Plain ? new PlainSession(store, plain.CommitAsync, requestId: null) : store.OpenSession(requestId: null);
            var note = session.Insert(Note.New(room));
            session.Append(stream, new NoteWritten(note.Id, note.RoomId, note.AuthorId, note.Body, note.CreatedAt));
            await session.SaveChangesAsync(CancellationToken.None);
            latencies.Add(began, Stopwatch.GetTimestamp(), window);
        }
    }

    private async Task<Gauges> GaugesAsync(Server server)
    {
        var (sessions, commits) = batches.Now;
        return new Gauges(
            await server.TransactionsAsync(), sessions, commits, Environment.CpuUsage.TotalTime.TotalSeconds, null, server.ProcessorSeconds(),
            GC.GetTotalAllocatedBytes());
    }
}
