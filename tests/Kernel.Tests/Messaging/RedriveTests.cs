using Microsoft.Extensions.DependencyInjection;
using Modular.Kernel.Messaging;
using Modular.Kernel.Tests.Documents;
using Modular.Testing;

namespace Modular.Kernel.Tests.Messaging;

public sealed class RedriveTests : IAsyncLifetime
{
    private readonly ManualClock clock = new();
    private Shop shop = null!;
    private volatile Exception? illness = new InvalidOperationException("ill");

    public async ValueTask InitializeAsync()
    {
        shop = await Shop.OpenAsync(clock: clock);
        shop.Behaviour.BeforeCounting = (happened, _) =>
        {
            if (happened.Name.StartsWith("ill", StringComparison.Ordinal) && illness is { } reason)
                throw reason;
        };
    }

    public ValueTask DisposeAsync() => shop.DisposeAsync();

    [Fact]
    public async Task A_letter_that_is_cured_takes_effect_once_and_is_gone()
    {
        await BuryAsync("shop/a", "ill");
        illness = null;
        await ReplayAsync();

        await clock.UntilAsync(async () => await LettersAsync() == 0);
        Assert.Equal(1, await shop.Database.ScalarAsync<int>($"select (data->>'count')::int from ledger.tally where id = '{CountItems.TallyId}'"));
        Assert.Equal(1, await shop.Database.ScalarAsync<long>("select count(*) from ledger.inbox where handler = 'CountItems'"));
    }

    [Fact]
    public async Task A_letter_is_handled_with_the_number_and_time_its_event_had()
    {
        await BuryAsync("shop/a", "ill");
        var seen = new TaskCompletionSource<EventContext>();
        shop.Behaviour.Seen = seen.SetResult;
        illness = null;
        await ReplayAsync();

        await clock.UntilAsync(() => seen.Task.IsCompleted);
        var context = await seen.Task;
        var row = await shop.Database.ScalarAsync<string>("select stream || ' ' || seq || ' ' || event_id from shop.events");
        Assert.Equal(row, $"{context.Stream} {context.Seq} {context.EventId}");
        Assert.Equal(await shop.Database.ScalarAsync<DateTime>("select at from shop.events"), context.At.UtcDateTime);
    }

    [Fact]
    public async Task A_letter_that_fails_again_stays_with_its_new_error_and_one_attempt_more()
    {
        await BuryAsync("shop/a", "ill");
        illness = new InvalidOperationException("worse");
        await ReplayAsync();

        await clock.UntilAsync(async () => await shop.Database.ScalarAsync<bool>("select replay_at is null and error like '%worse%' from ledger.dead_letters"));
        Assert.Equal(5, await shop.Database.ScalarAsync<int>("select attempts from ledger.dead_letters"));
    }

    [Fact]
    public async Task A_letter_that_waits_for_something_passing_stays_marked_and_holds_up_no_other()
    {
        await BuryAsync("shop/a", "ill");
        await BuryAsync("shop/b", "ill as well");
        var waiting = new TimeoutException("not now");
        shop.Behaviour.BeforeCounting = (happened, _) =>
        {
            if (happened.Name == "ill" && illness is not null)
                throw waiting;
        };
        await ReplayAsync();

        await clock.UntilAsync(async () => await LettersAsync() == 1);
        Assert.Equal("ill 4 True", await shop.Database.ScalarAsync<string>("select (data->>'name') || ' ' || attempts || case when replay_at is null then '' else ' True' end from ledger.dead_letters"));
        illness = null;
        await clock.UntilAsync(async () => await LettersAsync() == 0);
    }

    [Fact]
    public async Task A_letter_marked_again_while_it_fails_is_handled_again()
    {
        await BuryAsync("shop/a", "ill");
        using var held = new ManualResetEventSlim();
        var begun = new TaskCompletionSource();
        shop.Behaviour.BeforeCounting = (_, _) =>
        {
            if (!begun.TrySetResult())
                return;
            held.Wait();
            throw new InvalidOperationException("an old version");
        };
        await ReplayAsync();
        await clock.UntilAsync(() => begun.Task.IsCompleted);
        await ReplayAsync();
        held.Set();

        await clock.UntilAsync(async () => await LettersAsync() == 0);
    }

    [Fact]
    public async Task A_letter_of_a_handler_that_is_no_more_stays_and_says_so()
    {
        await BuryAsync("shop/a", "ill");
        await shop.Database.RunAsync("update ledger.dead_letters set handler = 'Retired'");
        await ReplayAsync();

        await clock.UntilAsync(async () => await shop.Database.ScalarAsync<bool>(
            "select replay_at is null and error like '%This version of ledger has no handler Retired for item.added.%' from ledger.dead_letters"));
    }

    private async Task BuryAsync(string stream, string name)
    {
        var before = await LettersAsync();
        await shop.AddAsync(stream, Shop.NewItem(name));
        await clock.UntilAsync(async () => await LettersAsync() == before + 1);
    }

    private Task<long> LettersAsync() => shop.Database.ScalarAsync<long>("select count(*) from ledger.dead_letters");

    private Task<int> ReplayAsync() => shop.Services.GetRequiredService<DeadLetters>().ReplayAsync("ledger", null, CancellationToken.None);
}
