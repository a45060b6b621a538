using System.Buffers;

namespace Modular.Notifications.Streams;

/// <summary>What may be a stream's name: <c>module/rest</c>, at most 200 letters, digits, <c>-</c>, <c>_</c>, <c>.</c> and <c>/</c>.</summary>
internal static class StreamName
{
    public const int Longest = 200;

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_./");

    public static bool IsValid(string? name) =>
        name is { Length: > 0 and <= Longest }
        && !name.AsSpan().ContainsAnyExcept(Allowed)
        && name.Contains('/')
        && !name.StartsWith('/')
        && !name.EndsWith('/')
        && !name.Contains("//", StringComparison.Ordinal);
}
