using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Modular.Users.Administering;

/// <summary>The last person of a page. Their ids say nothing of when they came, so the time stands before it.</summary>
internal sealed record PeopleCursor(DateTimeOffset CreatedAt, Guid Id)
{
    public static PeopleCursor BeforeAll { get; } = new(DateTimeOffset.MaxValue, Guid.AllBitsSet);

    public override string ToString() => Base64Url.EncodeToString(Encoding.UTF8.GetBytes($"{Id:N}{CreatedAt.UtcTicks.ToString(CultureInfo.InvariantCulture)}"));

    /// <summary>Null for what is no cursor.</summary>
    public static PeopleCursor? Read(string text)
    {
        if (!Base64Url.IsValid(text))
            return null;
        var plain = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text));
        return plain.Length > 32 && Guid.TryParseExact(plain.AsSpan(0, 32), "N", out var id)
            && long.TryParse(plain.AsSpan(32), NumberStyles.None, CultureInfo.InvariantCulture, out var ticks) && ticks <= DateTimeOffset.MaxValue.UtcTicks
            ? new PeopleCursor(new DateTimeOffset(ticks, TimeSpan.Zero), id)
            : null;
    }
}
