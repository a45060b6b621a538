using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Modular.Users.Mail;

namespace Modular.Users.FirstAdmin;

/// <summary>Says how to become the first admin, where only the operator reads it, as soon as somebody could.</summary>
internal sealed class AnnounceSetup(SetupTokens tokens, MailLinks links, ILogger<AnnounceSetup> log) : IHostedLifecycleService
{
    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        if (await tokens.CurrentAsync(cancellationToken) is { } token)
            log.LogWarning("This site has no admin yet. Become the first one at {Link}", links.UrlOf("setup", token));
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
