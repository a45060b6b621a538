using Modular.Kernel.Documents;
using Modular.Testing;

namespace Modular.Kernel.Tests.Documents;

/// <summary>The link to the database breaks around a COMMIT: the caller learns the truth or that it is open, and nothing is doubled.</summary>
public sealed class UnknownOutcomeTests : IAsyncLifetime
{
    private readonly ManualClock clock = new();
    private TestDatabase database = null!;
    private TcpProxy proxy = null!;
    private Shop shop = null!;

    public async ValueTask InitializeAsync()
    {
        database = await TestDatabase.CreateAsync(like: MigratedShop.Database);
        proxy = new TcpProxy(database.Port);
    }

    public async ValueTask DisposeAsync()
    {
        proxy.Release();
        proxy.AcceptNew();
        await shop.DisposeAsync();
        await proxy.DisposeAsync();
        await database.DisposeAsync();
    }

    [Fact]
    public async Task A_commit_whose_answer_is_swallowed_succeeds_once_and_reaches_the_sockets()
    {
        await OpenAsync();
        proxy.HoldAnswers();
        var adding = shop.AddAsync("shop/a", Shop.NewItem("swallowed"));
        await Eventually.Is(async () => await CountAsync("swallowed") == 1);
        proxy.Cut();
        await adding;
        Assert.Equal(1, await CountAsync("swallowed"));
        await Eventually.Is(() => shop.Live.Delivered.Any(e => e.Seq == 2));
        await clock.UntilAsync(async () => await database.ScalarAsync<long>("select count(*) from shop.outbox") == 0);
    }

    [Fact]
    public async Task A_commit_that_never_reached_the_server_is_sent_again_and_a_late_first_try_fails()
    {
        await OpenAsync();
        proxy.HoldRequests();
        var adding = shop.AddAsync("shop/a", Shop.NewItem("late"));
        await adding;
        proxy.Release();
        await shop.AddAsync("shop/a", Shop.NewItem("after"));
        Assert.Equal(1, await CountAsync("late"));
        Assert.Equal(3L, await database.ScalarAsync<long>("select head from shop.streams"));
    }

    [Fact]
    public async Task While_the_outcome_is_open_the_caller_is_told_it_may_have_been_saved()
    {
        await OpenAsync();
        proxy.HoldAnswers();
        proxy.RefuseNew();                                   // before: the loop asks for the outcome when a second is over
        var adding = shop.AddAsync("shop/a", Shop.NewItem("open"));
        await Eventually.Is(async () => await CountAsync("open") == 1);
        proxy.Cut();
        await clock.UntilAsync(() => adding.IsCompleted);
        await Assert.ThrowsAsync<CommitOutcomeUnknownException>(() => adding);
        proxy.AcceptNew();
        await Eventually.Is(() => shop.Live.Delivered.Any(e => e.Seq == 2));
        Assert.Equal(1, await CountAsync("open"));
    }

    [Fact]
    public async Task Without_a_database_a_session_is_refused_in_time_and_nothing_is_written_later()
    {
        await OpenAsync();
        proxy.RefuseNew();
        proxy.Cut();
        // The first one finds out that the connection is dead, so what became of it is open.
        var first = shop.AddAsync("shop/a", Shop.NewItem("refused"));
        await Eventually.Is(() => proxy.Refused > 0);
        var second = shop.AddAsync("shop/a", Shop.NewItem("refused"));
        await clock.UntilAsync(() => first.IsCompleted && second.IsCompleted);
        await Assert.ThrowsAsync<CommitOutcomeUnknownException>(() => first);
        await Assert.ThrowsAsync<CommitUnavailableException>(() => second);
        proxy.AcceptNew();
        await shop.AddAsync("shop/a", Shop.NewItem("back"));
        Assert.Equal(0, await CountAsync("refused"));
    }

    private async Task OpenAsync()
    {
        shop = await Shop.OpenAsync(on: database, through: database.Through(proxy), clock: clock, configure: s =>
        {
            s["Database:BatchTimeoutSeconds"] = "1";
            s["Database:QueueTimeoutMs"] = s["Database:OutcomeTimeoutMs"] = "5000";
        });
        await shop.AddAsync("shop/a", Shop.NewItem("warm"));
    }

    private Task<long> CountAsync(string name) => database.ScalarAsync<long>($"select count(*) from shop.item where data->>'name' = '{name}'");
}
