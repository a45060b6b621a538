using Modular.Testing;
using Npgsql;

namespace Modular.Cluster.Tests;

/// <summary>Processes that serve together: one database, one broker, each with a broker link of its own that a test can take away.</summary>
internal sealed class Replicas : IAsyncDisposable
{
    public static readonly string[] Modules = ["users", "rooms", "questions", "notifications"];

    private readonly List<IAsyncDisposable> owned = [];
    private readonly List<Replica> all = [];
    private NpgsqlDataSource connections = null!;

    private Replicas()
    {
    }

    public Replica A => all[0];

    public Replica B => all[1];

    public List<Replica> All => all;

    public string Database { get; private set; } = "";

    /// <param name="database">Without one: a database of its own on the tests' server.</param>
    /// <param name="broker">An AMQP address; without one: a virtual host of its own on the tests' broker.</param>
    /// <param name="brokerIsAway">Nobody gets to it before their link accepts.</param>
    public static async Task<Replicas> StartAsync(
        int count, string? database = null, string? broker = null, bool brokerIsAway = false, params (string Key, string Value)[] settings)
    {
        var replicas = new Replicas();
        try
        {
            var (makingDatabase, makingBroker) = (database is null ? TestDatabase.MigratedAsync() : null, broker is null ? TestBroker.CreateAsync() : null);
            replicas.Database = makingDatabase is null ? database! : replicas.Own(await makingDatabase).ConnectionString;
            // Nobody takes the tests' server away; of another one a connection that was kept might be dead.
            replicas.connections = replicas.Own(NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(replicas.Database) { Pooling = database is null }));
            broker ??= replicas.Own(await makingBroker!).Url;
            for (var n = 0; n < count; n++)
            {
                var link = replicas.Own(new TcpProxy(new Uri(broker).Port));
                if (brokerIsAway)
                    link.RefuseNew();
                var through = new UriBuilder(broker) { Port = link.Port }.Uri.AbsoluteUri;
                replicas.all.Add(new Replica(HostProcess.Begin(replicas.Database, settings: [("Bus__Url", through), .. settings]), link));
            }

            await Task.WhenAll(replicas.all.Select(r => r.Host.ReadyAsync()));
            return replicas;
        }
        catch
        {
            await replicas.DisposeAsync();
            throw;
        }
    }

    /// <summary>A new room, in which nothing has been asked yet.</summary>
    public async Task<Guid> RoomAsync()
    {
        using var host = A.Host.Somebody();
        return (await host.Post("/api/rooms", new { title = "Town hall" })).Must(201).Id;
    }

    public async Task<Follower[]> FollowersAsync(int onEach, Guid room) =>
        [.. (await Task.WhenAll(all.Select(r => Follower.SeveralAsync(onEach, r.Address, $"questions/{room}")))).SelectMany(f => f)];

    public async Task<Poster[]> PostersAsync(int onEach, Guid room) =>
        [.. (await Task.WhenAll(all.Select(r => Poster.SeveralAsync(onEach, r.Address, room)))).SelectMany(p => p)];

    /// <summary>Rooms on every replica; another module's handler is to hear of each.</summary>
    public Task MakeRoomsAsync(int onEach) => Task.WhenAll(all.Select(async replica =>
    {
        using var host = replica.Host.Somebody();
        for (var n = 0; n < onEach; n++)
            (await host.Post("/api/rooms", new { title = $"Room {n}" })).Must(201);
    }));

    /// <summary>A fact that the product does not show, straight from the database.</summary>
    public async Task<T?> ScalarAsync<T>(string sql)
    {
        await using var command = connections.CreateCommand(sql);
        return await command.ExecuteScalarAsync() is T value ? value : default;
    }

    /// <summary>Events that are committed and not yet told to everybody.</summary>
    /// <param name="before">Only those that were committed by then, by the database's clock.</param>
    public Task<long> UndeliveredAsync(DateTime? before = null) =>
        ScalarAsync<long>($"select {string.Join(" + ", Modules.Select(m => $"(select count(*) from {m}.outbox where at <= {Sql(before)})"))}");

    /// <summary>Room events that another module's handler has not taken, or has given up on.</summary>
    public Task<long> UnhandledAsync(DateTime? before = null) => ScalarAsync<long>($"""
        select count(*) from rooms.events e where at <= {Sql(before)}
        and (not exists (select from questions.inbox i where i.event_id = e.event_id) or exists (select from questions.dead_letters d where d.event_id = e.event_id))
        """);

    /// <summary>Who owns events that a module still has to tell.</summary>
    public async Task<Guid[]> OwnersAsync(string module) =>
        await ScalarAsync<Guid[]>($"select array_agg(owner_id order by started_at) from {module}.outbox_owner") ?? [];

    /// <summary>SIGTERM to all. Each must end in good order, and no part of one have ended before.</summary>
    public async Task StopAsync()
    {
        await Task.WhenAll(all.Where(r => !r.Host.HasExited).Select(r => r.Host.StopAsync()));
        foreach (var replica in all)
            replica.Host.Log.ShouldNotContain("\"level\":\"fatal\"");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var replica in all)
            await replica.Host.DisposeAsync();
        await KeepLogsAsync();
        foreach (var server in Enumerable.Reverse(owned))
            await server.DisposeAsync();
    }

    /// <summary>A failure's story is in them; where <c>./dev test</c> keeps its reports.</summary>
    private async Task KeepLogsAsync()
    {
        if (Environment.GetEnvironmentVariable("MODULAR_TEST_RESULTS") is not { } results)
            return;
        var (test, those) = (TestContext.Current, TestContext.Current.TestMethod?.MethodName);
        those ??= test.TestClass?.TestClassSimpleName ?? test.TestCollection!.TestCollectionClassName;
        for (var n = 0; n < all.Count; n++)
            await File.WriteAllTextAsync(Path.Combine(results, $"{those}.{(char)('A' + n)}.log"), all[n].Host.Log);
    }

    private static string Sql(DateTime? before) => before is { } at ? $"'{at:O}'" : "'infinity'";

    private T Own<T>(T server) where T : IAsyncDisposable
    {
        owned.Add(server);
        return server;
    }
}

/// <param name="Link">Its way to the broker.</param>
internal sealed record Replica(HostProcess Host, TcpProxy Link)
{
    public Uri Address => Host.Address;
}
