using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Modular.Kernel.Modules;

namespace Modular.Users.Keys;

/// <summary>
/// Makes the first key before anyone serves. Left to themselves, replicas that start together make one each, and for
/// a while none can read the other's cookies. Later keys are made two days before they are used.
/// </summary>
internal sealed class FirstKey(IKeyManager keys, SharedSecret secret, TimeProvider clock) : ISeed
{
    private static readonly TimeSpan Life = TimeSpan.FromDays(90);

    public async Task RunAsync(CancellationToken ct)
    {
        await secret.MakeForDevelopmentAsync(ct);
        var now = clock.GetUtcNow();
        if (!keys.GetAllKeys().Any(key => !key.IsRevoked && key.ExpirationDate > now))
            keys.CreateNewKey(now, now + Life);
    }
}
