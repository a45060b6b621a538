using Microsoft.Extensions.DependencyInjection;
using Modular.Kernel.Documents;
using Modular.Kernel.Web;
using Modular.Testing;
using Modular.Users.Sessions;
using Npgsql;

namespace Modular.Users.Tests;

public sealed class SessionReadTests(RunningProduct running) : IClassFixture<RunningProduct>
{
    private Product Product => running.Product;

    [Fact]
    public async Task Those_who_come_while_the_database_answers_are_looked_up_together_and_each_is_who_they_are()
    {
        var people = new List<Caller>();
        while (people.Count < 40)
            people.Add(await NewcomerAsync());
        var store = new CountingStore(Product.Services.GetRequiredKeyedService<IDocumentStore>("users"));
        var reads = new SessionReads(store, TimeProvider.System);

        List<Task<LiveSession?>> asked;
        await using (var hold = new NpgsqlConnection(Product.Database.ConnectionString))
        {
            await hold.OpenAsync();
            await using var locking = new NpgsqlCommand("begin; lock table users.session in access exclusive mode", hold);
            await locking.ExecuteNonQueryAsync();
            asked = [.. people.Select(p => reads.FindAsync(p.SessionId)), reads.FindAsync(Guid.NewGuid())];
        }

        var found = (await Task.WhenAll(asked)).Select(s => s?.Caller);

        Assert.Equal<IEnumerable<Caller?>>([.. people, null], found);
        Assert.Equal(2, store.Opened);                       // the first alone, all others together
    }

    [Fact]
    public async Task A_session_that_has_ended_is_not_found_and_its_neighbours_are()
    {
        var (ann, bob) = (await NewcomerAsync(), await NewcomerAsync());
        await Product.Database.RunAsync($"update users.session set data = jsonb_set(data, '{{expiresAt}}', '\"2001-01-01T00:00:00Z\"'), expires_at = '2001-01-01' where id = '{ann.SessionId}'");
        var reads = new SessionReads(Product.Services.GetRequiredKeyedService<IDocumentStore>("users"), TimeProvider.System);

        var found = (await Task.WhenAll(reads.FindAsync(Guid.NewGuid()), reads.FindAsync(ann.SessionId), reads.FindAsync(bob.SessionId))).Select(s => s?.Caller);

        Assert.Equal<IEnumerable<Caller?>>([null, null, bob], found);
    }

    [Fact]
    public async Task When_the_database_fails_everybody_who_asked_is_told_and_the_next_is_asked_again()
    {
        var ann = await NewcomerAsync();
        var store = new CountingStore(Product.Services.GetRequiredKeyedService<IDocumentStore>("users")) { Fails = true };
        var reads = new SessionReads(store, TimeProvider.System);
        await Assert.ThrowsAsync<IOException>(() => reads.FindAsync(ann.SessionId));
        await Assert.ThrowsAsync<IOException>(() => reads.FindAsync(ann.SessionId));

        store.Fails = false;

        Assert.Equal(ann, (await reads.FindAsync(ann.SessionId))?.Caller);
    }

    private async Task<Caller> NewcomerAsync()
    {
        using var browser = Product.Somebody();
        var token = (await browser.Post("/api/users/guests")).Must(201)["accessToken"].GetString()!;
        return (await Product.Services.GetRequiredService<ICallerSource>().ByTokenAsync(token, CancellationToken.None))!;
    }

    private sealed class CountingStore(IDocumentStore store) : IDocumentStore
    {
        private int opened;

        public int Opened => opened;

        public bool Fails { get; set; }

        public string Module => store.Module;

        public Task<T> TransactAsync<T>(Func<ISideTransaction, CancellationToken, Task<T>> work, CancellationToken ct) => store.TransactAsync(work, ct);

        public Task<bool> HoldLeaseAsync(string name, TimeSpan time, CancellationToken ct) => store.HoldLeaseAsync(name, time, ct);

        public Task ForgetStreamAsync(string stream, CancellationToken ct) => store.ForgetStreamAsync(stream, ct);

        public Task ForgetDeadLettersAsync(Guid person, CancellationToken ct) => store.ForgetDeadLettersAsync(person, ct);

        public IDocumentSession OpenSession()
        {
            Interlocked.Increment(ref opened);
            return Fails ? throw new IOException("The database is away.") : store.OpenSession();
        }
    }
}
