using System.Globalization;

namespace Modular.Notifications.Streams;

/// <summary>Where a client is in a stream, as <c>stream@42</c> or <c>stream@42~epoch</c>; without a number it is at the head of now.</summary>
internal sealed record Position(string Stream, long? Seq, string? Epoch)
{
    private const int LongestEpoch = 64;

    /// <summary>Reads what clients send back: positions with commas between them. False when any of it is not one.</summary>
    public static bool TryParse(string text, out IReadOnlyList<Position> positions)
    {
        var read = new List<Position>();
        positions = read;
        foreach (var part in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (Parse(part) is not { } position)
                return false;
            read.Add(position);
        }

        return true;
    }

    private static Position? Parse(string text)
    {
        var at = text.IndexOf('@');
        if (at < 0 || !StreamName.IsValid(text[..at]))
            return null;
        var (number, epoch) = text[(at + 1)..].Split('~', 2) switch
        {
            [var only] => (only, null),
            [var first, var second] => (first, second),
            _ => ("", null),
        };
        return long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var seq) && epoch is null or { Length: > 0 and <= LongestEpoch }
            ? new Position(text[..at], seq, epoch)
            : null;
    }
}
