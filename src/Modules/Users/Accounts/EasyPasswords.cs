using System.Collections.Frozen;

namespace Modular.Users.Accounts;

/// <summary>
/// What everybody who guesses tries first (NIST SP 800-63B, 3.1.1.2): some 800 passwords that lead every published list, rows of
/// characters, and the person's own name and address. Microseconds; the list stands in <c>common-passwords.txt</c>.
/// </summary>
internal static class EasyPasswords
{
    private const int LongestUnit = 3;
    private static readonly FrozenSet<string> Common = Read();

    /// <param name="own">The person's name and addresses, as far as they are known.</param>
    public static bool Has(string password, ReadOnlySpan<string?> own)
    {
        var lower = password.ToLowerInvariant();
        return IsOneOverAndOver(lower) || IsRow(lower) || Common.Contains(lower) || Common.Contains(Stem(lower)) || IsOwn(lower, own);
    }

    /// <summary>As in <c>abcabcabc</c>.</summary>
    private static bool IsOneOverAndOver(string text)
    {
        for (var unit = 1; unit <= LongestUnit; unit++)
            if (text.AsSpan(unit).SequenceEqual(text.AsSpan(0, text.Length - unit)))
                return true;
        return false;
    }

    /// <summary>As in <c>12345678</c> and <c>hgfedcba</c>.</summary>
    private static bool IsRow(string text)
    {
        var step = text[1] - text[0];
        return step is 1 or -1 && text.Zip(text.Skip(1)).All(pair => pair.Second - pair.First == step);
    }

    private static bool IsOwn(string password, ReadOnlySpan<string?> own)
    {
        var said = Plain(password);
        foreach (var text in own)
            if (text is not null && said.Length > 0 && (said == Plain(text) || said == Plain(text.Split('@')[0])))
                return true;
        return false;
    }

    /// <summary>Its letters and digits, without those digits at its end that people add where a password is refused.</summary>
    private static string Plain(string text) => Stem(string.Concat(text.ToLowerInvariant().Where(char.IsLetterOrDigit)));

    private static string Stem(string text) => text.TrimEnd([.. "0123456789!?.,-_*#$+ "]);

    private static FrozenSet<string> Read()
    {
        using var list = new StreamReader(typeof(EasyPasswords).Assembly.GetManifestResourceStream("common-passwords.txt")!);
        return list.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ToFrozenSet(StringComparer.Ordinal);
    }
}
