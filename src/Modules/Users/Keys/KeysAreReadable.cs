using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.Hosting;

namespace Modular.Users.Keys;

/// <summary>
/// Reads the keys before anyone serves, also where another process has migrated. Data protection itself only logs that
/// it could not, and then every request with a cookie fails.
/// </summary>
internal sealed class KeysAreReadable(IKeyManager keys) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => Task.Run(keys.GetAllKeys, cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
