using Modular.Kernel.Documents;
using Modular.Testing;

namespace Modular.Kernel.Tests.Documents;

/// <summary>The link to the database breaks around a COMMIT: the caller learns the truth or that it is open, and nothing is doubled.</summary>
public sealed class UnknownOutcomeTests : IAsyncLifetime
{
    private TestDatabase database = null!;
    private TcpProxy proxy = null!;
    private Shop shop = null!;

    public async ValueTask InitializeAsync()
    {
        database = await TestDatabase.CreateAsync();
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
        await Eventually.Is(async () => await database.ScalarAsync<long>("select count(*) from shop.outbox") == 0);
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
        await OpenAsync(patienceMs: 3000);
        proxy.HoldAnswers();
        proxy.RefuseNew();                                   // before: the loop asks for the outcome when a second is over
        var adding = shop.AddAsync("shop/a", Shop.NewItem("open"));
        await Eventually.Is(async () => await CountAsync("open") == 1);
        proxy.Cut();
        await Assert.ThrowsAsync<CommitOutcomeUnknownException>(() => adding);
        proxy.AcceptNew();
        await Eventually.Is(() => shop.Live.Delivered.Any(e => e.Seq == 2));
        Assert.Equal(1, await CountAsync("open"));
    }

    [Fact]
    public async Task Without_a_database_a_session_is_refused_in_time_and_nothing_is_written_later()
    {
        await OpenAsync(patienceMs: 3000);
        proxy.RefuseNew();
        proxy.Cut();
        // The first one finds out that the connection is dead, so what became of it is open.
        await Assert.ThrowsAsync<CommitOutcomeUnknownException>(() => shop.AddAsync("shop/a", Shop.NewItem("refused")));
        await Assert.ThrowsAsync<CommitUnavailableException>(() => shop.AddAsync("shop/a", Shop.NewItem("refused")));
        proxy.AcceptNew();
        await Eventually.Is(async () =>
        {
            try
            {
                await shop.AddAsync("shop/a", Shop.NewItem("back"));
                return true;
            }
            catch (CommitUnavailableException)
            {
                return false;
            }
        });
        Assert.Equal(0, await CountAsync("refused"));
    }

    /// <param name="patienceMs">How long a caller waits to be taken and for the outcome: long, where a test is not about its end.</param>
    private async Task OpenAsync(int patienceMs = 60_000)
    {
        shop = await Shop.OpenAsync(on: database, through: database.Through(proxy), configure: s =>
        {
            s["Database:BatchTimeoutSeconds"] = "1";
            s["Database:QueueTimeoutMs"] = s["Database:OutcomeTimeoutMs"] = $"{patienceMs}";
        });
        await shop.AddAsync("shop/a", Shop.NewItem("warm"));
    }

    private Task<long> CountAsync(string name) => database.ScalarAsync<long>($"select count(*) from shop.item where data->>'name' = '{name}'");
}
