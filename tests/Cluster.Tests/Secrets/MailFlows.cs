using System.Text.RegularExpressions;
using Modular.Testing;

namespace Modular.Cluster.Tests.Secrets;

/// <summary>What people do with links that are mailed to them, each used and then used again.</summary>
internal sealed partial class MailFlows(HostProcess host, Secrets secrets, string mails, string email)
{
    public async Task RunAsync()
    {
        using var ann = host.Somebody();
        var verify = await LinkAsync("verify");
        (await ann.Post("/api/users/verify", new { token = verify })).Must(204);
        (await ann.Post("/api/users/verify", new { token = verify })).Must(404);

        (await ann.Post("/api/users/forgot", new { email })).Must(200);
        var (reset, password) = (await LinkAsync("reset"), secrets.Password("a password chosen by mail"));
        secrets.AddAll("a reset", (await ann.Post("/api/users/reset", new { token = reset, password })).Must(200));
        (await ann.Post("/api/users/reset", new { token = reset, password = secrets.Password("a password for a used link") })).Must(404);
        (await ann.Put("/api/users/me/password", new { current = secrets.Password("a wrong present password"), password = secrets.Password("a password not chosen") })).Must(403);
        (await ann.Put("/api/users/me/password", new { current = password, password = secrets.Password("a password chosen by hand") })).Must(204);

        using var bob = host.Somebody();
        (await bob.Post("/api/users/magic-link", new { email })).Must(200);
        var signIn = await LinkAsync("sign-in");
        secrets.AddAll("a magic link", (await bob.Post("/api/users/magic-link/accept", new { token = signIn })).Must(200));
        (await bob.Post("/api/users/magic-link/accept", new { token = signIn })).Must(404);
    }

    /// <summary>The token of the link to a page, once the mail is in the folder.</summary>
    private Task<string> LinkAsync(string page) => Eventually.Returns($"the mail with /{page}", async () =>
    {
        foreach (var file in Directory.EnumerateFiles(mails, "*.eml"))
        {
            var text = await File.ReadAllTextAsync(file);
            if (text.Contains($"To: {email}", StringComparison.Ordinal) && text.Contains($"/{page}#token=", StringComparison.Ordinal))
                return secrets.Add($"the token of a mail to /{page}", Token().Match(text).Groups["token"].Value);
        }

        return null;
    });

    [GeneratedRegex("#token=(?<token>[A-Za-z0-9_-]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Token();
}
