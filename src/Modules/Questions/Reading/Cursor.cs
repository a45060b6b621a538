using System.Buffers.Text;
using System.Text;

namespace Modular.Questions.Reading;

/// <summary>Where a page ended, as clients carry it: the order it belongs to, the last id (or snapshot), and what else that order compares.</summary>
internal sealed record Cursor(QuestionOrder Order, Guid Id, string Rest = "")
{
    public override string ToString() => Base64Url.EncodeToString(Encoding.UTF8.GetBytes($"{(int)Order}{Id:N}{Rest}"));

    /// <summary>Null for what is no cursor of this order.</summary>
    public static Cursor? Read(string text, QuestionOrder order)
    {
        if (!Base64Url.IsValid(text))
            return null;
        var plain = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text));
        return plain.Length >= 33 && plain[0] - '0' == (int)order && !plain.Contains('\0') && Guid.TryParseExact(plain.AsSpan(1, 32), "N", out var id)
            ? new Cursor(order, id, plain[33..])
            : null;
    }
}

internal enum QuestionOrder
{
    Top,
    Newest,
    Oldest,
    Body,
}
