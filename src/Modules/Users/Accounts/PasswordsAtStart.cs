using Microsoft.Extensions.Hosting;

namespace Modular.Users.Accounts;

internal sealed class PasswordsAtStart(Passwords passwords) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => passwords.PrepareAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
