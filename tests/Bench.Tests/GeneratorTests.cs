using Modular.Bench.Following;
using Modular.Bench.Generating;
using Modular.Bench.Http;

namespace Modular.Bench.Tests;

/// <summary>The generator, as the two processes it is, against a server of which is known what it does wrong.</summary>
public sealed class GeneratorTests
{
    private const int Subscribers = 6;

    [Theory]
    [InlineData("Hub", "/hub")]
    [InlineData("Socket", "/ws/?room=LOBBY")]
    [InlineData("Events", "/sse")]
    public async Task What_a_server_loses_doubles_and_swaps_is_counted_exactly(string protocol, string path)
    {
        await using var server = await StartAsync(new FaultyServer(OfEveryOther));

        var delivery = (await RunAsync(server, protocol, path)).Delivery!;

        server.Asked.ShouldBeGreaterThan(50);
        (delivery.Lost, delivery.Doubled, delivery.Disordered).ShouldBe(server.Wrong);
        delivery.Lost.ShouldBeGreaterThan(0);
        delivery.Doubled.ShouldBeGreaterThan(0);
        delivery.Disordered.ShouldBeGreaterThan(0);
        delivery.Arrived.ShouldBe((Subscribers * server.Asked) - server.Wrong.Lost);
        delivery.Orders.ShouldBe(2);
        delivery.Cut.ShouldBe(0);
    }

    [Theory]
    [InlineData("Hub", "/hub")]
    [InlineData("Socket", "/ws/?room=LOBBY")]
    [InlineData("Events", "/sse")]
    public async Task Where_nothing_goes_wrong_nothing_is_counted_and_all_see_one_order(string protocol, string path)
    {
        await using var server = await StartAsync(new FaultyServer((_, _) => Fault.None));

        var delivery = (await RunAsync(server, protocol, path)).Delivery!;

        (delivery.Arrived, delivery.Lost, delivery.Doubled, delivery.Disordered, delivery.Orders).ShouldBe((Subscribers * server.Asked, 0, 0, 0, 1));
    }

    [Fact]
    public async Task A_closed_loop_asks_as_soon_as_it_is_answered()
    {
        await using var server = await StartAsync(new FaultyServer((_, _) => Fault.None));

        var result = await RunAsync(server, "Hub", "/hub", rate: null);

        result.Answers.ShouldBe(new Dictionary<int, long> { [201] = server.Asked });
        result.Delivery!.Arrived.ShouldBe(Subscribers * server.Asked);
    }

    [Fact]
    public async Task A_delivery_counts_from_the_instant_its_question_fell_due()
    {
        await using var server = await StartAsync(new FaultyServer((_, _) => Fault.None) { Delay = TimeSpan.FromMilliseconds(150) });

        var result = await RunAsync(server, "Hub", "/hub", rate: 4);

        result.Delivery!.Latency.P50.ShouldBeGreaterThanOrEqualTo(150);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Who_is_dropped_comes_back_and_goes_on_after_what_it_had(bool recovers)
    {
        await using var server = await StartAsync(new FaultyServer((_, _) => Fault.None) { Recovers = recovers });

        var result = await RunAsync(server, "Hub", "/hub", storm: new Storm(After: 0.5, Over: 0.5));

        var returns = result.Returns!;
        (returns.CaughtUp.Spread().Count, returns.Away, returns.NotRecovered).ShouldBe((Subscribers, 0, recovers ? 0 : Subscribers));
        (result.Delivery!.Doubled, result.Delivery.Disordered, result.Delivery.Cut).ShouldBe((0, 0, 0));
        (result.Delivery.Lost > 0).ShouldBe(!recovers);
    }

    /// <summary>Neighbours are never both wrong, so each fault counts by itself.</summary>
    private static Fault OfEveryOther(int subscriber, long seq) => subscriber % 2 == 0 ? Fault.None : (seq % 10) switch
    {
        3 => Fault.Lose,
        5 => Fault.Double,
        7 => Fault.Swap,
        _ => Fault.None,
    };

    private static async Task<FaultyServer> StartAsync(FaultyServer server)
    {
        await server.StartAsync();
        return server;
    }

    private static Task<LoadResult> RunAsync(FaultyServer server, string protocol, string path, double? rate = 100, Storm? storm = null)
    {
        var audience = new Audience(Enum.Parse<Protocol>(protocol), server.Address.Host, server.Address.Port, path, FaultyServer.Stream, Subscribers);
        var crowd = new Crowd(["a", "b", "c", "d"], ["LOBBY"]);
        var plan = new LoadPlan(server.Address.Host, server.Address.Port, crowd.Tokens.Count, crowd, rate, audience, storm) { Patience = 3 };
        return Generators.RunAsync(plan, processes: 2, ramp: 0.2, seconds: 1.5, _ => Task.CompletedTask);
    }
}
