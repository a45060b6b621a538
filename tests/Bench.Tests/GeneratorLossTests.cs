namespace Modular.Bench.Tests;

/// <summary>The generator, as two processes, against a server of which is known what it does wrong; beside other tests, because what is lost is waited for.</summary>
public sealed class GeneratorLossTests
{
    [Theory]
    [InlineData("Hub", "/hub")]
    [InlineData("Socket", "/ws/?room=LOBBY")]
    [InlineData("Events", "/sse")]
    public async Task What_a_server_loses_doubles_and_swaps_is_counted_exactly(string protocol, string path)
    {
        await using var server = await new FaultyServer(OfEveryOther).StartedAsync();

        var delivery = (await server.AskAsync(protocol, path, processes: 2, patience: 30)).Delivery!;

        server.Asked.ShouldBeGreaterThanOrEqualTo(29);
        (delivery.Lost, delivery.Doubled, delivery.Disordered).ShouldBe(server.Wrong);
        delivery.Lost.ShouldBeGreaterThan(0);
        delivery.Doubled.ShouldBeGreaterThan(0);
        delivery.Disordered.ShouldBeGreaterThan(0);
        delivery.Arrived.ShouldBe((GeneratorRun.Subscribers * server.Asked) - server.Wrong.Lost);
        delivery.Orders.ShouldBe(2);
        delivery.Cut.ShouldBe(0);
    }

    /// <summary>Neighbours are never both wrong, so each fault counts by itself.</summary>
    private static Fault OfEveryOther(int subscriber, long seq) => subscriber % 2 == 0 ? Fault.None : (seq % 10) switch
    {
        3 => Fault.Lose,
        5 => Fault.Double,
        7 => Fault.Swap,
        _ => Fault.None,
    };
}
