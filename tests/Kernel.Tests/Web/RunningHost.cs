namespace Modular.Kernel.Tests.Web;

/// <summary>One host for the tests of a class.</summary>
public sealed class RunningHost : IAsyncLifetime
{
    internal TestHost Host { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Host = await TestHost.StartAsync(configure: null);

    public ValueTask DisposeAsync() => Host.DisposeAsync();
}
