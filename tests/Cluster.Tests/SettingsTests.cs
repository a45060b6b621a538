using Modular.Testing;
using Npgsql;

namespace Modular.Cluster.Tests;

/// <summary>Whoever sets it up reads in one sentence what is wrong between host and database, and no stack trace.</summary>
public sealed class SettingsTests
{
    private const string Secret = "a secret of the tests, long enough";

    [Fact]
    public async Task A_database_that_is_not_there_is_named()
    {
        await using var database = await TestDatabase.CreateAsync();
        var other = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Database = "no_such_database" };
        await RefusesAsync(["The database refuses the connection: database \"no_such_database\" does not exist"], With(other));
    }

    [Fact]
    public async Task A_user_that_the_database_does_not_let_in_is_named()
    {
        await using var database = await TestDatabase.CreateAsync();
        var other = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Username = "nobody_here", Password = "hunter2" };
        var said = await RefusesAsync(["The database refuses the connection: role \"nobody_here\" does not exist"], With(other));
        said.ShouldNotContain("hunter2");
    }

    [Fact]
    public async Task A_server_that_does_not_listen_is_named()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var link = new TcpProxy(database.Port);
        link.RefuseNew();
        var other = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Port = link.Port };
        await RefusesAsync([$"The database cannot be reached at 127.0.0.1:{link.Port}"], [.. With(other), ("Database__StartTimeoutSeconds", "1")]);
    }

    [Fact]
    public async Task An_address_in_use_is_named()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var taken = new TcpProxy(database.Port);
        await RefusesAsync([$"http://127.0.0.1:{taken.Port}"], [.. With(new(database.ConnectionString)), ("ASPNETCORE_URLS", $"http://127.0.0.1:{taken.Port}")]);
        (await database.ScalarAsync<long>("select count(*) from questions.outbox_owner")).ShouldBe(0, "the next host need not wait for this one");
    }

    private static (string, string)[] With(NpgsqlConnectionStringBuilder database) =>
        [("Database__ConnectionString", database.ConnectionString), ("Modules__Users__Secret", Secret)];

    private static async Task<string> RefusesAsync(string[] sentences, params (string, string)[] settings)
    {
        var (code, output) = await HostProcess.RunAsync("serve", [("ASPNETCORE_URLS", "http://127.0.0.1:0"), .. settings]);
        code.ShouldNotBe(0);
        foreach (var sentence in sentences)
            output.ShouldContain(sentence);
        output.ShouldNotContain("   at ");
        output.ShouldNotContain("Unhandled exception");
        return output;
    }
}
