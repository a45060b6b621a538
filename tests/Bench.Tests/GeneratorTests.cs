using Modular.Bench.Following;

namespace Modular.Bench.Tests;

/// <summary>The generator, as the process it is, against a server that does nothing wrong.</summary>
public sealed class GeneratorTests
{
    [Theory]
    [InlineData("Hub", "/hub")]
    [InlineData("Socket", "/ws/?room=LOBBY")]
    [InlineData("Events", "/sse")]
    public async Task Where_nothing_goes_wrong_nothing_is_counted_and_all_see_one_order(string protocol, string path)
    {
        await using var server = await Faultless().StartedAsync();

        var delivery = (await server.AskAsync(protocol, path, processes: 2)).Delivery!;

        server.Asked.ShouldBeGreaterThanOrEqualTo(29);
        (delivery.Arrived, delivery.Lost, delivery.Doubled, delivery.Disordered, delivery.Orders).ShouldBe((GeneratorRun.Subscribers * server.Asked, 0, 0, 0, 1));
    }

    [Fact]
    public async Task A_closed_loop_asks_as_soon_as_it_is_answered()
    {
        await using var server = await Faultless().StartedAsync();

        var result = await server.AskAsync("Hub", "/hub", rate: null);

        result.Answers.ShouldBe(new Dictionary<int, long> { [201] = server.Asked });
        result.Delivery!.Arrived.ShouldBe(GeneratorRun.Subscribers * server.Asked);
    }

    [Fact]
    public async Task A_delivery_counts_from_the_instant_its_question_fell_due()
    {
        await using var server = await new FaultyServer((_, _) => Fault.None) { Delay = TimeSpan.FromMilliseconds(150) }.StartedAsync();

        var result = await server.AskAsync("Hub", "/hub", rate: 10);

        result.Delivery!.Latency.P50.ShouldBeGreaterThanOrEqualTo(150);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Who_is_dropped_comes_back_and_goes_on_after_what_it_had(bool recovers)
    {
        await using var server = await new FaultyServer((_, _) => Fault.None) { Recovers = recovers }.StartedAsync();

        var result = await server.AskAsync("Hub", "/hub", seconds: 1, storm: new Storm(After: 0.2, Over: 0.5), patience: recovers ? 30 : 10);

        var returns = result.Returns!;
        (returns.CaughtUp.Spread().Count, returns.Away, returns.NotRecovered).ShouldBe((GeneratorRun.Subscribers, 0, recovers ? 0 : GeneratorRun.Subscribers));
        (result.Delivery!.Doubled, result.Delivery.Disordered, result.Delivery.Cut).ShouldBe((0, 0, 0));
        (result.Delivery.Lost > 0).ShouldBe(!recovers);
    }

    private static FaultyServer Faultless() => new((_, _) => Fault.None);
}
