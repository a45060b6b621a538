using Modular.Kernel.Web;

namespace Modular.Questions.Asking;

/// <summary>What can be asked: 1 to 500 characters.</summary>
internal static class QuestionBody
{
    private const int Longest = 500;

    public static Refused? Wrong(string? body) => PlainText.Visible(body) switch
    {
        null => Refused.Input("body-required", "body", "Body is required"),
        { } text when PlainText.Length(text) is var length and > Longest =>
            Refused.Input("body-too-long", "body", $"Body may have {Longest} characters, this one has {length}"),
        _ => null,
    };

    /// <summary>The text as it is kept. Only for what is not <see cref="Wrong"/>.</summary>
    public static string Kept(string body) => PlainText.Visible(body)!;
}
