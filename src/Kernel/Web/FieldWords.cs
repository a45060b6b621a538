using System.Text;

namespace Modular.Kernel.Web;

/// <summary>Names of fields as people read them and as problem types carry them.</summary>
internal static class FieldWords
{
    /// <summary><c>refreshToken</c> becomes <c>Refresh token</c>.</summary>
    public static string Sentence(string field)
    {
        var words = Split(field, ' ');
        return words.Length == 0 ? words : char.ToUpperInvariant(words[0]) + words[1..];
    }

    /// <summary><c>refreshToken</c> becomes <c>refresh-token-required</c>.</summary>
    public static string RequiredType(string field) => Split(field, '-') + "-required";

    private static string Split(string field, char separator)
    {
        var text = new StringBuilder(field.Length + 4);
        foreach (var c in field)
        {
            if (char.IsUpper(c) && text.Length > 0)
                text.Append(separator);
            text.Append(c == '.' ? separator : char.ToLowerInvariant(c));
        }

        return text.ToString();
    }
}
