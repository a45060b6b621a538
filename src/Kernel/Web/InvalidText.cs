using System.Buffers.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Modular.Kernel.Web;

/// <summary>A string of the request holds NUL or half a surrogate pair, which jsonb refuses.</summary>
internal sealed class InvalidTextException(string? field) : Exception
{
    /// <summary>The member or parameter, where known.</summary>
    public string? Field { get; } = field;
}

/// <summary>Finds text that cannot be stored.</summary>
internal static class InvalidText
{
    /// <summary>Reads all of <paramref name="utf8"/> as JSON.</summary>
    /// <exception cref="JsonException">It is not JSON.</exception>
    /// <exception cref="InvalidTextException">A string or member name holds what cannot be stored.</exception>
    public static void ThrowInJson(ReadOnlySpan<byte> utf8)
    {
        if (!Utf8.IsValid(utf8))
            throw new InvalidTextException(field: null);
        var reader = new Utf8JsonReader(utf8);
        string? field = null;
        while (reader.Read())
        {
            if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.PropertyName))
                continue;
            if (reader.ValueIsEscaped && InEscapes(reader.ValueSpan))
                throw new InvalidTextException(reader.TokenType == JsonTokenType.String ? field : null);
            if (reader is { TokenType: JsonTokenType.PropertyName, CurrentDepth: 1 })
                field = reader.GetString();
        }
    }

    /// <summary>Whether decoded text holds NUL or an unpaired surrogate.</summary>
    public static bool In(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\0' || char.IsLowSurrogate(text[i]))
                return true;
            if (char.IsHighSurrogate(text[i]) && (++i == text.Length || !char.IsLowSurrogate(text[i])))
                return true;
        }

        return false;
    }

    /// <summary>
    /// The same in a JSON string as it was sent. Raw bytes are valid UTF-8 by now and raw control characters are not
    /// JSON, so only <c>\u</c> escapes can do harm.
    /// </summary>
    private static bool InEscapes(ReadOnlySpan<byte> raw)
    {
        var awaitsLow = false;
        for (var i = 0; i < raw.Length; i++)
        {
            var unit = raw[i] == '\\' && raw[i + 1] == 'u' && Utf8Parser.TryParse(raw.Slice(i + 2, 4), out int parsed, out _, 'x') ? parsed : -1;
            if (unit == 0 || awaitsLow != unit is >= 0xDC00 and <= 0xDFFF)
                return true;
            awaitsLow = unit is >= 0xD800 and <= 0xDBFF;
            i += unit >= 0 ? 5 : raw[i] == '\\' ? 1 : 0;
        }

        return awaitsLow;
    }
}
