using Modular.Testing;
using Modular.Users.Tests.Smtp;

namespace Modular.Users.Tests;

/// <summary>The built host, alone, as it runs in development and elsewhere.</summary>
public sealed class MailFolderTests : IAsyncLifetime
{
    private readonly string folder = Path.Combine(Path.GetTempPath(), $"modular-{Guid.NewGuid():n}");
    private TestDatabase database = null!;

    public async ValueTask InitializeAsync() => database = await TestDatabase.CreateAsync();

    public async ValueTask DisposeAsync()
    {
        await database.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task In_development_a_mail_is_a_file_and_its_link_stands_in_the_log()
    {
        await using var host = await HostProcess.StartAsync(database.ConnectionString, at: null, ("ASPNETCORE_ENVIRONMENT", "Development"), ("Mail__Folder", folder));
        var (link, email) = await RegisterAsync(host);
        link.ShouldStartWith($"{host.Address.GetLeftPart(UriPartial.Authority)}/verify#token=");
        await Eventually.Is(() => host.Log.Contains(link, StringComparison.Ordinal), what: "the link is in the log");
        host.Log.ShouldContain(email);
    }

    [Fact]
    public async Task Outside_development_the_log_holds_no_link()
    {
        await using var host = await HostProcess.StartAsync(database.ConnectionString, at: null, ("Mail__Folder", folder), ("Public__Url", "https://ask.example.org"));
        var (link, _) = await RegisterAsync(host);
        link.ShouldStartWith("https://ask.example.org/verify#token=");
        await Eventually.Is(async () => await database.ScalarAsync<long>("select count(*) from users.mail_request") == 0, what: "the mail has been noted as sent");
        await host.StopAsync();
        host.Log.ShouldNotContain(link.Split("#token=")[1]);
    }

    [Fact]
    public async Task A_host_that_sends_no_mail_says_so_at_its_start()
    {
        Directory.CreateDirectory(folder);
        await using var host = await HostProcess.StartAsync(database.ConnectionString);
        await Eventually.Is(() => host.Log.Contains("Mail is off", StringComparison.Ordinal), what: "the log says that mail is off");
        await host.StopAsync();
        host.Log.Split("Mail is off").Length.ShouldBe(2);
    }

    private async Task<(string Link, string Email)> RegisterAsync(HostProcess host)
    {
        using var ann = host.Somebody();
        var email = Town.NewEmail();
        (await ann.Post("/api/users/register", new { email, password = Town.Password })).Must(201);
        var file = await Eventually.Returns("a mail in the folder", () => Task.FromResult(Directory.EnumerateFiles(folder, "*.eml").SingleOrDefault()));
        var text = await File.ReadAllTextAsync(file);
        text.ShouldContain($"To: {email}");
        return (text.Split("\r\n").Single(line => line.Contains("/verify#token=", StringComparison.Ordinal)), email);
    }
}
