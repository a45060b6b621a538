using System.Text.RegularExpressions;
using Modular.Testing;

namespace Modular.Browser.Tests;

/// <summary>
/// A host of its own: nobody administers it yet, its mails go into a folder, and it has limits. Links name another address than it has here,
/// as behind a load balancer.
/// </summary>
public sealed partial class NewSite : IAsyncLifetime
{
    public static readonly TimeSpan BetweenQuestions = TimeSpan.FromSeconds(12);
    private readonly DirectoryInfo mails = Directory.CreateTempSubdirectory("browser-mails-");
    private TestDatabase database = null!;
    private HostProcess host = null!;

    public Uri Address => host.Address;

    /// <summary>Waits for what the log offers to whoever becomes the first administrator.</summary>
    public Task<string> SetupLinkAsync() => Eventually.Returns("a link in the log to set the site up", () =>
        Task.FromResult(Links().Match(host.Log) is { Success: true } link && link.Groups["page"].Value == "/setup" ? Here(link.Value) : null));

    public async ValueTask InitializeAsync()
    {
        database = await TestDatabase.CreateAsync();
        host = await HostProcess.StartAsync(database.ConnectionString, settings:
        [
            ("Public__Url", "http://ask.example.org"),
            ("Mail__Folder", mails.FullName),
            ("Limits__Enabled", "true"),
            ("Limits__Ask__Permits", "1"),
            ("Limits__Ask__Per", $"{BetweenQuestions}"),
        ]);
    }

    /// <summary>Waits for the mail to somebody that has a link to a page; answers the link.</summary>
    public Task<string> LinkAsync(string email, string page) => Eventually.Returns($"a mail to {email} with a link to {page}", async () =>
    {
        foreach (var file in mails.EnumerateFiles("*.eml"))
        {
            // Quoted-printable breaks long lines with an equals sign.
            var text = (await File.ReadAllTextAsync(file.FullName)).ReplaceLineEndings("\n").Replace("=\n", "", StringComparison.Ordinal).Replace("=3D", "=", StringComparison.Ordinal);
            if (text.Contains(email, StringComparison.OrdinalIgnoreCase) && Links().Match(text) is { Success: true } link && link.Groups["page"].Value == page)
                return Here(link.Value);
        }

        return null;
    });

    public async ValueTask DisposeAsync()
    {
        await host.DisposeAsync();
        await database.DisposeAsync();
        mails.Delete(recursive: true);
    }

    private string Here(string link) => new Uri(Address, new Uri(link).PathAndQuery + new Uri(link).Fragment).ToString();

    [GeneratedRegex(@"http://ask\.example\.org(?<page>/[a-z-]+)#token=[A-Za-z0-9_.~-]+", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Links();
}
