using System.Text;

namespace Modular.Cluster.Tests.Fuzzing;

/// <summary>JSON values, most of them nasty, written by hand: a serialiser would not write such.</summary>
internal sealed class FuzzedValues(int seed)
{
    private const int Deepest = 5;
    private static readonly string Digits = new('9', 400);
    private static readonly string[] Numbers =
        ["0", "-0", "-1", "1e400", "-1e400", "1e-400", Digits, $"1{new string('0', 400)}", $"0.{Digits}", "2147483648", "-2147483649", "9223372036854775808", "1.5", "1E+2", "01", "0x1", "NaN", "Infinity", "1e", "+1"];

    private static readonly string[] Pieces =
    [
        "a", "Why?", " ", "\\n", "\\t", "\\u0000", "\\ud800", "\\udc00", "\\ud83d\\ude00", "\\u200b", "\\u202e", "😀", "é", "\ufeff", "\uffff", "\u0301", "\\\"", "\\\\", "'", "--", ";drop table x", "%s", "{0}", "${x}",
        "<b>", "../..", "\\/", "\r", "\u0001", "\\x", "\\u12", "018cc251-f400-7000-8000-000000000001", "LOBBY", "null", "@", "@example.org", "a@b.c", "2030-01-31T12:00:00Z",
    ];

    private readonly Random random = new(~seed);

    public string Any(int depth) => random.Next(depth < Deepest ? 10 : 7) switch
    {
        0 => "null",
        1 => random.Next(2) == 0 ? "true" : "false",
        2 or 3 => Numbers[random.Next(Numbers.Length)],
        4 or 5 => Text(),
        6 => random.Next(4) == 0 ? $"\"{new string('x', random.Next(100_000))}\"" : Text(),
        7 => Array(depth),
        _ => Object(depth),
    };

    public string Object(int depth) => $"{{{Several(() => $"{Text()}:{Any(depth + 1)}")}}}";

    public string Text()
    {
        var text = new StringBuilder("\"");
        for (var n = random.Next(8); n > 0; n--)
            text.Append(Pieces[random.Next(Pieces.Length)]);
        return text.Append('"').ToString();
    }

    private string Array(int depth) => $"[{Several(() => Any(depth + 1))}]";

    private string Several(Func<string> one) => string.Join(',', Enumerable.Range(0, random.Next(6)).Select(_ => one()));
}
