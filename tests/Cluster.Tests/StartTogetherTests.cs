using Modular.Testing;

namespace Modular.Cluster.Tests;

public sealed class StartTogetherTests
{
    [Fact]
    public async Task Two_replicas_that_meet_on_an_empty_database_make_one_key_and_one_lobby_and_know_each_others_people_for_good()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var broker = await TestBroker.CreateAsync();
        await using var replicas = await Replicas.StartAsync(2, database.ConnectionString, broker.Url);
        await MadeOnceAsync(replicas);
        var first = await Person.OfAsync(replicas.A.Address);
        var second = await Person.OfAsync(replicas.B.Address);
        await first.IsKnownAsync(replicas.B.Address);
        await second.IsKnownAsync(replicas.A.Address);

        await replicas.StopAsync();
        var bus = ("Bus__Url", broker.Url);
        await using var a = HostProcess.Begin(replicas.Database, settings: bus);
        await using var b = HostProcess.Begin(replicas.Database, settings: bus);
        await Task.WhenAll(a.ReadyAsync(), b.ReadyAsync());

        // No second key: a replica that has had its keys in memory for long still knows whom another lets in.
        await MadeOnceAsync(replicas);
        foreach (var host in new[] { a, b })
        {
            await first.IsKnownAsync(host.Address);
            await second.IsKnownAsync(host.Address);
        }

        await Task.WhenAll(a.StopAsync(), b.StopAsync());
    }

    private static async Task MadeOnceAsync(Replicas replicas)
    {
        (await replicas.ScalarAsync<long>("select count(*) from users.data_protection_key")).ShouldBe(1);
        (await replicas.ScalarAsync<long>("select count(*) from rooms.room")).ShouldBe(1);
    }

    /// <summary>Somebody with a cookie in a browser and a token in a program.</summary>
    private sealed record Person(Guid Id, string Cookie, string Token)
    {
        public static async Task<Person> OfAsync(Uri host)
        {
            using var browser = new Browser(host);
            var guest = (await browser.Post("/api/users/guests", new { name = "Ann" })).Must(201);
            var me = (await browser.Get("/api/users/me")).Must(200);
            return new Person(me.Id, browser.Cookies.GetCookieHeader(host), guest["accessToken"].GetString()!);
        }

        public async Task IsKnownAsync(Uri host)
        {
            using var browser = new Browser(host);
            (await browser.Get("/api/users/me", ("Cookie", Cookie))).Must(200).Id.ShouldBe(Id);
            using var program = new Browser(host, Token);
            (await program.Get("/api/users/me")).Must(200).Id.ShouldBe(Id);
        }

    }
}
