using Modular.Testing;

namespace Modular.Notifications.Tests;

/// <summary>A client that follows a stream as it should, and beside it one that does not.</summary>
internal sealed class BadCompany : IAsyncDisposable
{
    private const string Name = "test/good";
    private readonly HubClient good;
    private long happened;

    private BadCompany(LiveServer server, HubClient good, RawSocket ugly) => (Server, this.good, Ugly) = (server, good, ugly);

    public LiveServer Server { get; }

    /// <summary>It has connected and said nothing yet.</summary>
    public RawSocket Ugly { get; }

    /// <param name="soon">What is changed once the good one is there, which may come as late as a busy machine lets it.</param>
    public static async Task<BadCompany> GatherAsync(Action<LiveServer>? soon = null)
    {
        var server = await LiveServer.StartAsync(manualTime: true);
        var client = await server.ConnectAsync();
        await client.SubscribeAsync(Name);
        soon?.Invoke(server);
        return new BadCompany(server, client, await RawSocket.OpenAsync(server.Address));
    }

    /// <summary>What happens now reaches the good one, and it has everything.</summary>
    public async Task TheGoodOneGoesOnAsync()
    {
        happened++;
        Server.Happen(Name);
        await Eventually.Is(() => good.Live(Name).Count >= happened);
        Assert.Equal(Enumerable.Range(1, (int)happened).Select(n => (long)n), good.Live(Name));
    }

    /// <summary>Not the other client and not who reads the log; and when both have left, nothing of them stays.</summary>
    public async Task NobodyNoticesAsync()
    {
        await TheGoodOneGoesOnAsync();
        Assert.Empty(Server.Errors.Lines);
        Ugly.Dispose();
        await good.DisposeAsync();
        await Server.NothingIsLeftAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Ugly.Dispose();
        await good.DisposeAsync();
        await Server.DisposeAsync();
    }
}
