using System.Globalization;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Modular.Kernel.Web;
using Npgsql;

namespace Modular.Kernel.Documents;

/// <summary>The database when the host starts: waited for while it is away, refused with a sentence where waiting would not help.</summary>
internal sealed class DatabaseAtStart(DatabaseOptions options, TimeProvider clock, ILogger logger)
{
    public async Task WaitAsync(CancellationToken ct)
    {
        var settings = new NpgsqlConnectionStringBuilder(options.ConnectionString) { Pooling = false, Timeout = 5, ApplicationName = "modular start" };
        await using var database = new NpgsqlDataSourceBuilder(settings.ConnectionString) { Name = settings.ApplicationName }.Build();
        var started = clock.GetTimestamp();
        while (true)
        {
            try
            {
                await using var connection = await database.OpenConnectionAsync(ct);
                await using var command = new NpgsqlCommand("show synchronous_commit", connection);
                if (await command.ExecuteScalarAsync(ct) is "off")
                    throw new RefusedToRunException("The database has synchronous_commit = off, so an accepted write could be lost. Set it to on.");
                return;
            }
            catch (PostgresException e) when (e.SqlState[..2] is "28" or "3D")
            {
                throw new RefusedToRunException($"The database refuses the connection: {e.MessageText}. Check Database:ConnectionString.");
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException or SocketException)
            {
                if (clock.GetElapsedTime(started) >= TimeSpan.FromSeconds(options.StartTimeoutSeconds))
                    throw new RefusedToRunException($"The database cannot be reached at {settings.Host}:{settings.Port.ToString(CultureInfo.InvariantCulture)}: {e.Message}. Check Database:ConnectionString and that the server runs.");
                logger.LogInformation("Waiting for the database at {Host}", settings.Host);
                await Task.Delay(500, ct);
            }
        }
    }
}
