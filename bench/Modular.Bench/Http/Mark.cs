using System.Buffers.Text;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Unicode;

namespace Modular.Bench.Http;

/// <summary>
/// What a question begins with so that whoever receives it knows it again: the measurement, who asked, its number among
/// theirs, and the instant its latency counts from. Always as long, so that a request is built once and only these digits change.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Mark(int Measurement, int Asker, long Number, long Instant)
{
    public const int Length = 38;

    /// <summary>What stands before a mark's digits in an event.</summary>
    public static ReadOnlySpan<byte> Lead => "\"body\":\"@"u8;

    public static string Blank => new('@', Length);

    public void Write(Span<byte> to) =>
        Utf8.TryWrite(to, CultureInfo.InvariantCulture, $"@{Measurement:D4}.{Asker:D3}.{Number:D8}.{Instant:D19}", out _);

    /// <summary>Reads what follows the <see cref="Lead"/>.</summary>
    public static Mark Read(ReadOnlySpan<byte> digits) =>
        new((int)Parse(digits[..4]), (int)Parse(digits[5..8]), Parse(digits[9..17]), Parse(digits[18..37]));

    private static long Parse(ReadOnlySpan<byte> digits) =>
        Utf8Parser.TryParse(digits, out long number, out var read) && read == digits.Length ? number : throw new FormatException("This is no mark.");
}
