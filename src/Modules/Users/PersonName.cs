using Modular.Kernel.Web;

namespace Modular.Users;

/// <summary>What a person may be called: 1 to 50 characters on one line.</summary>
internal static class PersonName
{
    private const int Longest = 50;

    public static Refused? Wrong(string? name) => PlainText.VisibleLine(name) switch
    {
        null => Refused.Input("name-required", "name", "Name is required"),
        { } line when PlainText.Length(line) is var length and > Longest =>
            Refused.Input("name-too-long", "name", $"Name may have {Longest} characters, this one has {length}"),
        _ => null,
    };

    /// <summary>The name as it is kept. Only for what is not <see cref="Wrong"/>.</summary>
    public static string Kept(string name) => PlainText.VisibleLine(name)!;
}
