using Microsoft.Extensions.DependencyInjection;
using Modular.Kernel.Messaging;
using Modular.Kernel.Tests.Documents;
using Modular.Testing;

namespace Modular.Kernel.Tests.Messaging.Replicas;

/// <summary>Both replicas take up a letter that is marked; here always at the same time.</summary>
public sealed class ReplayTests : IAsyncLifetime
{
    private readonly Barrier together;
    private TwoShops shops = null!;
    private int attempts;

    public ReplayTests() => together = new Barrier(2, _ => attempts = Attempts());

    public async ValueTask InitializeAsync()
    {
        shops = await TwoShops.OpenAsync();
        shops.BeforeCounting((_, _, _) => throw new InvalidOperationException("ill"));
        await shops.A.AddAsync("shop/a", Shop.NewItem());
        await shops.Clock.UntilAsync(async () => await LettersAsync() == 1);
    }

    public async ValueTask DisposeAsync()
    {
        await shops.DisposeAsync();
        together.Dispose();
    }

    [Fact]
    public async Task A_cured_letter_takes_effect_once()
    {
        shops.BeforeCounting((_, _, _) => Meet());
        await ReplayAsync();

        await shops.Clock.UntilAsync(async () => await LettersAsync() == 0);
        Assert.Equal(1, together.CurrentPhaseNumber);
        await shops.QuietAsync();
        Assert.Equal((1, 1), await shops.CountsAsync());
    }

    [Fact]
    public async Task A_letter_that_fails_on_both_has_failed_once()
    {
        shops.BeforeCounting((_, _, _) =>
        {
            Meet();
            throw new InvalidOperationException("worse");
        });
        await ReplayAsync();

        await shops.Clock.UntilAsync(IsKeptAsync);
        await ReplayAsync();                                 // both are done with the first time when they meet again

        await shops.Clock.UntilAsync(async () => together.CurrentPhaseNumber == 2 && await IsKeptAsync());
        Assert.Equal(5, attempts);
    }

    private void Meet() => Assert.True(together.SignalAndWait(TimeSpan.FromSeconds(20)), "the other replica takes it up as well");

    private int Attempts() => shops.Database.ScalarAsync<int>("select attempts from ledger.dead_letters").GetAwaiter().GetResult();

    private Task<bool> IsKeptAsync() => shops.Database.ScalarAsync<bool>("select replay_at is null and error like '%worse%' from ledger.dead_letters");

    private Task<long> LettersAsync() => shops.Database.ScalarAsync<long>("select count(*) from ledger.dead_letters");

    private Task<int> ReplayAsync() => shops.A.Services.GetRequiredService<DeadLetters>().ReplayAsync("ledger", null, CancellationToken.None);
}
