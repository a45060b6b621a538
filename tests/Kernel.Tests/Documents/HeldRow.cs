using Modular.Kernel.Documents;
using Modular.Testing;
using Npgsql;

namespace Modular.Kernel.Tests.Documents;

/// <summary>A row that somebody else holds, and who waits for it.</summary>
internal static class HeldRow
{
    /// <summary>Whoever waits for a row waits until the test gives it free.</summary>
    public static void Patiently(Dictionary<string, string?> settings) =>
        (settings["Database:LockTimeoutMs"], settings["Database:BatchTimeoutSeconds"]) = ("60000", "60");

    /// <summary>Locks a row from outside until disposed.</summary>
    public static async Task<NpgsqlConnection> HoldAsync(this Shop shop, Guid id)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(shop.Database.ConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"begin; select 1 from shop.item where id = '{id}' for update", connection);
        await command.ExecuteNonQueryAsync();
        return connection;
    }

    /// <summary>A commit that waits for a row somebody holds, and with it the loop.</summary>
    public static async Task<Task> BlockTheLoopAsync(this Shop shop, Guid held)
    {
        var blocked = shop.IncrementAsync(held);
        await Eventually.Is(async () => await shop.WaitingAsync() == 1);
        return blocked;
    }

    public static Task IncrementAsync(this Shop shop, Guid item)
    {
        var session = shop.Store.OpenSession();
        session.Increment<Item>(item, i => i.Stock, 1);
        return session.SaveChangesAsync(CancellationToken.None);
    }

    /// <summary>Connections of this database that wait for a lock.</summary>
    public static Task<long> WaitingAsync(this Shop shop) =>
        shop.Database.ScalarAsync<long>("select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'");
}
