using Modular.Kernel.Messaging;
using Modular.Testing;

namespace Modular.Kernel.Tests.Messaging;

public sealed class DeafnessTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private readonly ManualClock clock = new();
    private readonly BusHealth bus;

    public DeafnessTests() => bus = new BusHealth(clock);

    [Fact]
    public void A_process_whose_messages_come_back_hears()
    {
        Pass(Minute, Heard("questions"));
        (bus.IsConfirmed, bus.Hears, bus.IsDeaf).ShouldBe((true, true, false));
    }

    [Fact]
    public void A_process_is_deaf_when_the_broker_goes_on_confirming_and_nothing_comes_back()
    {
        Pass(Minute, Heard("questions"));
        Pass(BusHealth.Silence, Unheard("questions"));
        bus.IsDeaf.ShouldBeFalse();
        Pass(Canary.Every, Unheard("questions"));
        (bus.IsConfirmed, bus.Hears, bus.IsDeaf).ShouldBe((true, false, true));
        Pass(Canary.Every, Heard("questions"));
        (bus.Hears, bus.IsDeaf).ShouldBe((true, false));
    }

    [Fact]
    public void One_module_alone_can_be_what_is_not_heard()
    {
        Pass(Minute, Heard("questions"), Unheard("rooms"));
        (bus.Hears, bus.IsDeaf).ShouldBe((false, true));
    }

    [Fact]
    public void A_broker_that_is_away_makes_nobody_deaf()
    {
        Pass(Minute, Heard("questions"));
        Pass(Canary.Every, Unheard("questions"));
        for (var passed = TimeSpan.Zero; passed < Minute; passed += Canary.Every)
        {
            Pass(Canary.Every);
            bus.IsDeaf.ShouldBeFalse();
        }

        bus.IsConfirmed.ShouldBeFalse();
    }

    [Theory]
    [InlineData(10)]
    [InlineData(60)]
    public void After_a_broker_was_away_its_consumers_have_time_to_come_back(int seconds)
    {
        Pass(Minute, Heard("questions"));
        Pass(Canary.Every, Unheard("questions"));
        Pass(TimeSpan.FromSeconds(seconds));
        Pass(BusHealth.Silence, Unheard("questions"));
        bus.IsDeaf.ShouldBeFalse();
        Pass(Canary.Every, Unheard("questions"));
        bus.IsDeaf.ShouldBeTrue();
    }

    private Action Unheard(string module) => () => bus.Confirmed(module, bus.Now);

    /// <summary>A message comes back before it is confirmed, as from a queue in memory it does.</summary>
    private Action Heard(string module) => () =>
    {
        var sent = bus.Now;
        bus.Heard(module);
        bus.Confirmed(module, sent);
    };

    private void Pass(TimeSpan time, params Action[] canaries)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += Canary.Every)
        {
            foreach (var canary in canaries)
                canary();
            clock.Advance(Canary.Every);
        }
    }
}
