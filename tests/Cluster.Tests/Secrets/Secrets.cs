using Modular.Testing;

namespace Modular.Cluster.Tests.Secrets;

/// <summary>Passwords and tokens of a run, and the search for them where they do not belong.</summary>
internal sealed class Secrets
{
    private const int Piece = 24;
    private readonly List<(string What, string Text)> all = [];

    public int Count => all.Count;

    public string Password(string what) => Add(what, $"pass-{Guid.NewGuid():n}");

    public string Add(string what, string? text)
    {
        text.ShouldNotBeNullOrEmpty(what);
        all.Add((what, text));
        return text;
    }

    /// <summary>The tokens of a sign-in, its cookie too.</summary>
    public Answer AddAll(string what, Answer signIn)
    {
        Add($"the access token of {what}", signIn["accessToken"].GetString());
        Add($"the refresh token of {what}", signIn["refreshToken"].GetString());
        Add($"the cookie of {what}", signIn.Headers["Set-Cookie"].Split(';')[0].Split('=')[1]);
        return signIn;
    }

    /// <summary>One sentence for each that stands in a text, whole or in part.</summary>
    public IEnumerable<string> In(string place, string text) =>
        from secret in all
        let found = Pieces(secret.Text).Select(piece => text.IndexOf(piece, StringComparison.OrdinalIgnoreCase)).FirstOrDefault(at => at >= 0, -1)
        where found >= 0
        select $"{secret.What} stands in {place}: …{text[Math.Max(0, found - 300)..Math.Min(text.Length, found + 100)].ReplaceLineEndings(" ")}…";

    /// <summary>All tokens of a key begin alike, so the beginning says nothing.</summary>
    private static IEnumerable<string> Pieces(string secret) =>
        secret.Length <= 2 * Piece ? [secret] : [secret[^Piece..], secret.Substring(secret.Length / 2, Piece), secret.Substring(secret.Length / 2 - 4, Piece)];
}
