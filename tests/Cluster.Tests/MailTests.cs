using System.Text.RegularExpressions;
using Modular.Testing;

namespace Modular.Cluster.Tests;

/// <summary>Mails of two replicas that share nothing but the database and, here, the folder they put them into.</summary>
public sealed partial class MailTests : IAsyncLifetime
{
    private const int People = 12;
    private const string Password = "correct horse battery";
    private readonly string folder = Directory.CreateTempSubdirectory("modular-mails-").FullName;
    private Replicas replicas = null!;

    public async ValueTask InitializeAsync() =>
        replicas = await Replicas.StartAsync(2, settings: [("Mail__Folder", folder), ("Public__Url", "https://ask.example.org")]);

    public async ValueTask DisposeAsync()
    {
        await replicas.StopAsync();
        await replicas.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Each_mail_is_sent_once_and_a_link_asked_for_on_one_replica_is_good_on_the_other()
    {
        using var somebody = replicas.A.Host.Somebody();
        using var elsewhere = replicas.B.Host.Somebody();
        var emails = Enumerable.Range(0, People).Select(n => $"p{n}-{Guid.NewGuid():n}@example.org").ToArray();
        foreach (var email in emails)
        {
            using var newcomer = replicas.B.Host.Somebody();
            (await newcomer.Post("/api/users/register", new { email, password = Password })).Must(201);
        }

        await Task.WhenAll(emails.Select(email => somebody.Post("/api/users/forgot", new { email })));
        await Eventually.Is(async () => await replicas.ScalarAsync<long>("select count(*) from users.mail_request") == 0, what: "all mails have gone");

        var mails = Directory.GetFiles(folder, "*.eml").Select(File.ReadAllText).ToArray();
        foreach (var email in emails)
        {
            mails.Count(m => m.Contains($"To: {email}", StringComparison.Ordinal) && m.Contains("/verify#token=", StringComparison.Ordinal)).ShouldBe(1);
            var reset = mails.Where(m => m.Contains($"To: {email}", StringComparison.Ordinal) && m.Contains("/reset#token=", StringComparison.Ordinal)).ShouldHaveSingleItem();
            (await elsewhere.Post("/api/users/reset", new { token = Token().Match(reset).Groups["token"].Value, password = Password })).Must(200);
        }

        mails.Length.ShouldBe(2 * People);
    }

    [GeneratedRegex("#token=(?<token>[A-Za-z0-9_-]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Token();
}
