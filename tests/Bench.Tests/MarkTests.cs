using System.Text;
using Modular.Bench.Http;

namespace Modular.Bench.Tests;

public sealed class MarkTests
{
    [Theory]
    [InlineData(0, 0, 1, 0)]
    [InlineData(9999, 999, 99_999_999, long.MaxValue)]
    [InlineData(42, 7, 1234, 5_678_901_234_567)]
    public void A_mark_is_read_as_it_was_written_and_always_as_long(int measurement, int asker, long number, long instant)
    {
        var mark = new Mark(measurement, asker, number, instant);
        var text = new byte[Mark.Length + 1];
        text[^1] = (byte)'!';

        mark.Write(text.AsSpan(0, Mark.Length));

        Mark.Read(text.AsSpan(1)).ShouldBe(mark);
        Encoding.ASCII.GetString(text).ShouldMatch("^@[0-9.]{37}!$");
    }

    [Fact]
    public void What_is_no_mark_is_not_taken_for_one() =>
        Should.Throw<FormatException>(() => Mark.Read("0001.001.0000000x.0000000000000000001 and so on"u8));
}
