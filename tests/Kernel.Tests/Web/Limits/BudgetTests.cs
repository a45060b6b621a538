using System.Threading.RateLimiting;
using Modular.Kernel.Web.Limits;
using Modular.Testing;

namespace Modular.Kernel.Tests.Web.Limits;

public sealed class BudgetTests : IDisposable
{
    private readonly ManualClock clock = new();
    private readonly Budget budget;

    public BudgetTests() => budget = new Budget(new LimitRule { Permits = 6, Per = TimeSpan.FromMinutes(1) }, clock);

    public void Dispose() => budget.Dispose();

    [Fact]
    public void A_full_budget_gives_its_permits_at_once_and_then_says_how_long_to_wait()
    {
        for (var left = 5; left >= 0; left--)
            Take().ShouldBe((true, left, 10 * (6 - left), 0));
        Take().ShouldBe((false, 0, 60, 10));
        clock.Advance(TimeSpan.FromSeconds(3));
        Take().ShouldBe((false, 0, 57, 7), "a refusal takes nothing");
    }

    [Fact]
    public void Waiting_as_long_as_it_says_is_enough_and_a_little_less_is_not()
    {
        Empty();
        clock.Advance(TimeSpan.FromSeconds(9.999));
        Take().Acquired.ShouldBeFalse();
        clock.Advance(TimeSpan.FromSeconds(0.001));
        Take().Acquired.ShouldBeTrue();
        Take().Acquired.ShouldBeFalse();
    }

    [Fact]
    public void It_never_holds_more_than_its_burst_however_long_nobody_comes()
    {
        Empty();
        clock.Advance(TimeSpan.FromDays(400));
        Empty().ShouldBe(6);
    }

    [Fact]
    public void A_burst_of_its_own_comes_back_at_the_same_pace()
    {
        var guests = new Budget(new LimitRule { Permits = 5, Per = TimeSpan.FromSeconds(1), Burst = 1000 }, clock);
        Empty(guests).ShouldBe(1000);
        clock.Advance(TimeSpan.FromSeconds(1));
        Empty(guests).ShouldBe(5);
        clock.Advance(TimeSpan.FromMinutes(1));
        Empty(guests).ShouldBe(300);
    }

    [Fact]
    public void Paces_that_do_not_divide_evenly_lose_nothing_in_a_day()
    {
        var odd = new Budget(new LimitRule { Permits = 7, Per = TimeSpan.FromSeconds(3) }, clock);
        Empty(odd);
        var taken = 0;
        for (var n = 0; n < 28_800; n++)
        {
            clock.Advance(TimeSpan.FromSeconds(3));
            taken += Empty(odd);
        }

        taken.ShouldBe(7 * 28_800);
    }

    [Fact]
    public void What_is_given_back_can_be_taken_again()
    {
        Empty();
        budget.GiveBack();
        Empty().ShouldBe(1);
    }

    [Fact]
    public void Looking_takes_nothing()
    {
        budget.AttemptAcquire(0).IsAcquired.ShouldBeTrue();
        Empty().ShouldBe(6);
        budget.AttemptAcquire(0).IsAcquired.ShouldBeFalse();
    }

    [Fact]
    public void A_full_budget_is_idle_from_the_moment_it_is_full()
    {
        budget.AttemptAcquire();
        budget.IdleDuration.ShouldBeNull();
        clock.Advance(TimeSpan.FromSeconds(14));
        budget.IdleDuration!.Value.TotalSeconds.ShouldBe(4, tolerance: 0.001);
    }

    [Fact]
    public async Task Of_many_at_once_exactly_as_many_as_there_are_permits_get_one()
    {
        var many = new Budget(new LimitRule { Permits = 1000, Per = TimeSpan.FromHours(1) }, clock);
        var taken = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Enumerable.Range(0, 500).Count(_ => many.AttemptAcquire().IsAcquired))));
        taken.Sum().ShouldBe(1000);
    }

    private (bool Acquired, int Left, int Reset, int Wait) Take()
    {
        var taking = (Taking)budget.AttemptAcquire();
        return (taking.IsAcquired, taking.Left, RateLimitHeaders.Seconds(taking.Reset), RateLimitHeaders.Seconds(taking.Wait));
    }

    private int Empty(RateLimiter? from = null)
    {
        var taken = 0;
        while ((from ?? budget).AttemptAcquire().IsAcquired)
            taken++;
        return taken;
    }
}
