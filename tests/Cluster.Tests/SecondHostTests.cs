using Modular.Testing;

namespace Modular.Cluster.Tests;

public sealed class SecondHostTests
{
    [Fact]
    public async Task A_second_host_is_refused_while_the_first_lives_and_serves_soon_after_it_was_killed()
    {
        await using var database = await TestDatabase.MigratedAsync();
        await using var first = await HostProcess.StartAsync(database.ConnectionString);

        var (code, output) = await HostProcess.RunAsync("serve",
            ("ASPNETCORE_URLS", "http://127.0.0.1:0"), ("Database__ConnectionString", database.ConnectionString), ("Modules__Users__Secret", "a secret of the tests, long enough"));
        code.ShouldNotBe(0);
        output.ShouldContain("is serving this database and no message broker is configured");
        output.ShouldNotContain("   at ");

        await first.KillAsync();
        await using var second = await HostProcess.StartAsync(database.ConnectionString, at: first.Address);
        (await Lobby.AskAsync(second.Address, "Still here?", "the one")).Must(201);
        await second.StopAsync();
    }

    [Theory]
    [InlineData(true, "is serving this database and no message broker is configured, so the two could not tell each other what happens. Stop the other host, or give both a Bus:Url.")]
    [InlineData(false, "is serving this database without a message broker, so it would not learn what happens here. Stop it, or give it the same Bus:Url.")]
    public async Task A_host_without_a_broker_and_one_with_it_do_not_serve_together(bool firstHasBroker, string sentence)
    {
        await using var database = await TestDatabase.MigratedAsync();
        await using var broker = await TestBroker.CreateAsync();
        (string, string)[] with = [("Bus__Url", broker.Url)];
        await using var first = await HostProcess.StartAsync(database.ConnectionString, settings: firstHasBroker ? with : []);

        var (code, output) = await HostProcess.RunAsync("serve",
        [
            ("ASPNETCORE_URLS", "http://127.0.0.1:0"), ("Database__ConnectionString", database.ConnectionString),
            ("Modules__Users__Secret", "a secret of the tests, long enough"), .. firstHasBroker ? [] : with,
        ]);

        code.ShouldNotBe(0);
        output.ShouldContain(sentence);
        output.ShouldNotContain("   at ");
        (await Lobby.AskAsync(first.Address, "Still served?", "the one")).Must(201);
        await first.StopAsync();
    }

    [Fact]
    public async Task Two_hosts_in_one_process_share_nothing()
    {
        await using var other = await Product.StartAsync();
        using var there = other.Somebody();
        await using (var one = await Product.StartAsync())
        {
            using var here = one.Somebody();
            var asked = (await here.Post("/api/questions", new { body = "Only here?" })).Must(201);
            (await here.Get($"/api/questions/{asked.Id}")).Must(200);
            (await there.Get($"/api/questions/{asked.Id}")).Must(404);
            (await there.Get("/api/questions")).Must(200).Items.ShouldBeEmpty();

            var guest = (await here.Post("/api/users/guests", new { })).Must(201)["accessToken"].GetString();
            using var known = new Browser(one.Address, guest);
            using var stranger = new Browser(other.Address, guest);
            (await known.Get("/api/users/me")).Must(200);
            (await stranger.Get("/api/users/me")).Must(401);
        }

        (await there.Post("/api/questions", new { body = "And after the other has left?" })).Must(201);
    }
}
