using System.Globalization;
using System.Text;

namespace Modular.Kernel.Web;

/// <summary>How everything that people write is read: trimmed, counted in Unicode scalar values, empty when nothing shows.</summary>
public static class PlainText
{
    // Blank though their categories say letter or symbol: Hangul fillers and the empty Braille pattern.
    private const string BlankLetters = "\u115f\u1160\u2800\u3164\uffa0";

    /// <summary>The text without white space at its ends, or null where only white space and zero-width characters are left.</summary>
    public static string? Visible(string? text) =>
        text is not null && text.EnumerateRunes().Any(Shows) ? text.Trim() : null;

    /// <summary>As <see cref="Visible"/>, on one line: every run of white space becomes one space.</summary>
    public static string? VisibleLine(string? text) =>
        Visible(text) is { } visible ? string.Join(' ', visible.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)) : null;

    /// <summary>What people call characters, near enough: an emoji outside the first plane counts as one.</summary>
    public static int Length(string text) => text.EnumerateRunes().Count();

    private static bool Shows(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => false,
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.NonSpacingMark => false,
        _ => !(rune.IsBmp && BlankLetters.Contains((char)rune.Value)),
    };
}
