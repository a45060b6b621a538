using System.Diagnostics;
using Modular.Bench.Following;
using Modular.Bench.Measuring;

namespace Modular.Bench.Tests;

public sealed class DeliveryTests
{
    private static readonly Latencies Nothing = new();

    [Fact]
    public void What_several_processes_received_adds_up()
    {
        var delivery = Delivery.Of([Received(2, [1], 10, 20), Received(3, [1], 30)], Nothing)!;

        (delivery.Arrived, delivery.Lost, delivery.Doubled, delivery.Disordered, delivery.Cut, delivery.Orders).ShouldBe((5, 10, 15, 20, 2, 1));
        delivery.Latency.Count.ShouldBe(3);
        delivery.Latency.P50.ShouldBe(20, tolerance: 0.02);
        delivery.WhyCut.ShouldBe("slow");
    }

    [Fact]
    public void Subscribers_of_different_processes_must_have_seen_the_same_order_too() =>
        Delivery.Of([Received(1, [1]), Received(1, [1, 2]), Received(1, [3])], Nothing)!.Orders.ShouldBe(3);

    [Fact]
    public void What_was_never_asked_counts_as_late_for_every_subscriber()
    {
        var unasked = new Latencies();
        unasked.Add(Ticks(5000));

        var delivery = Delivery.Of([Received(2, [1], 10, 10), Received(3, [1], 10)], unasked)!;

        delivery.Unasked.ShouldBe(1);
        delivery.Latency.Count.ShouldBe(3 + 5);
        delivery.Latency.P50.ShouldBe(5000, tolerance: 5);
    }

    [Fact]
    public void All_parts_of_an_audience_together_are_all_of_it()
    {
        var audience = new Audience(Protocol.Hub, "127.0.0.1", 1, "/hub", "s", 10, First: 5);

        audience.Part(0, 3).ShouldBe(audience with { First = 5, Size = 3 });
        Enumerable.Range(0, 3).Select(n => audience.Part(n, 3)).SelectMany(part => Enumerable.Range(part.First, part.Size)).ShouldBe(Enumerable.Range(5, 10));
    }

    private static Received Received(int subscribers, HashSet<ulong> sequences, params int[] milliseconds)
    {
        var latencies = new Latencies();
        Array.ForEach(milliseconds, ms => latencies.Add(Ticks(ms)));
        return new Received(subscribers, latencies, subscribers, subscribers * 2, subscribers * 3, subscribers * 4, sequences, ["slow"]);
    }

    private static long Ticks(int milliseconds) => milliseconds * Stopwatch.Frequency / 1000;
}
