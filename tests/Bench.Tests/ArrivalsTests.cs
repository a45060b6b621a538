using System.Diagnostics;
using System.Text;
using Modular.Bench.Following;
using Modular.Bench.Http;
using Modular.Bench.Measuring;

namespace Modular.Bench.Tests;

public sealed class ArrivalsTests
{
    private static readonly Window Measured = new(1000, 2000);

    private readonly Latencies latencies = new();
    private readonly Arrivals arrivals;

    public ArrivalsTests() => arrivals = new Arrivals(measurement: 7, askers: 2, latencies) { Window = Measured };

    [Fact]
    public void What_arrives_once_and_in_order_is_neither_lost_nor_doubled_nor_out_of_order()
    {
        Take(Event(0, 1, seq: 11), Event(1, 1, seq: 12), Event(0, 2, seq: 13));

        Counts([2, 1]).ShouldBe((3, 0, 0, 0));
    }

    [Fact]
    public void What_does_not_arrive_is_lost_in_the_middle_and_at_the_end()
    {
        Take(Event(0, 1), Event(0, 3));

        Counts([4, 2]).ShouldBe((2, 4, 0, 0));
    }

    [Fact]
    public void What_arrives_again_is_doubled_and_counts_once()
    {
        Take(Event(0, 1), Event(0, 2), Event(0, 2), Event(0, 1));

        Counts([2, 0]).ShouldBe((2, 0, 2, 0));
    }

    [Fact]
    public void What_overtakes_an_earlier_one_of_the_same_asker_puts_that_out_of_order()
    {
        Take(Event(0, 2), Event(1, 1), Event(0, 1), Event(0, 3));

        Counts([3, 1]).ShouldBe((4, 0, 0, 1));
    }

    [Fact]
    public void Where_events_are_numbered_a_lower_number_is_out_of_order_whoever_asked()
    {
        Take(Event(0, 1, seq: 12), Event(1, 1, seq: 11));

        Counts([1, 1]).ShouldBe((2, 0, 0, 1));
    }

    [Fact]
    public void What_belongs_to_another_measurement_or_is_no_question_is_skipped()
    {
        Take("""{"type":6}""", Event(0, 1).Replace("@0007", "@0008", StringComparison.Ordinal), """{"type":1,"target":"heads","arguments":[{"questions/1":3}]}""");

        Counts([0, 0]).ShouldBe((0, 0, 0, 0));
    }

    [Fact]
    public void A_message_may_hold_several_events()
    {
        Take(Event(0, 1, seq: 1) + "," + Event(0, 2, seq: 2) + "," + Event(0, 2, seq: 2));

        Counts([2, 0]).ShouldBe((2, 0, 1, 0));
    }

    [Fact]
    public void A_delivery_counts_from_the_instant_it_fell_due_and_only_if_that_was_measured()
    {
        Take(Event(0, 1, due: 999), Event(0, 2, due: 1500), Event(0, 3, due: 2000));

        var spread = latencies.Spread();
        spread.Count.ShouldBe(1);
        spread.P50.ShouldBe((3000 - 1500) * 1000.0 / Stopwatch.Frequency);
    }

    [Fact]
    public void Who_saw_the_same_in_the_same_order_has_the_same_sequence_and_nobody_else_does()
    {
        string[][] seen =
        [
            [Event(0, 1), Event(1, 1), Event(0, 2)], [Event(0, 1), Event(1, 1), Event(1, 1), Event(0, 2)],
            [Event(1, 1), Event(0, 1), Event(0, 2)], [Event(0, 1), Event(1, 1)], [Event(0, 1), Event(1, 1), Event(0, 3)],
        ];

        var sequences = Array.ConvertAll(seen, messages =>
        {
            var one = new Arrivals(measurement: 7, askers: 2, latencies);
            Array.ForEach(messages, message => one.Take(Encoding.UTF8.GetBytes(message), arrived: 3000));
            return one.Sequence;
        });

        sequences[1].ShouldBe(sequences[0]);
        sequences.Skip(1).ShouldBeUnique();
    }

    private void Take(params string[] messages)
    {
        foreach (var message in messages)
            arrivals.Take(Encoding.UTF8.GetBytes(message), arrived: 3000);
    }

    private (long Distinct, long Lost, long Doubled, long Disordered) Counts(long[] asked) =>
        (arrivals.Distinct, arrivals.Lost(asked), arrivals.Doubled, arrivals.Disordered);

    private static string Event(int asker, long number, long? seq = null, long due = 1500)
    {
        var mark = new byte[Mark.Length];
        new Mark(7, asker, number, due).Write(mark);
        var numbered = seq is null ? "" : $"\"seq\":{seq},";
        return $$$"""{{{{numbered}}}"type":"question.asked","data":{"id":"1","body":"{{{Encoding.ASCII.GetString(mark)}}} Why?"}}""";
    }
}
