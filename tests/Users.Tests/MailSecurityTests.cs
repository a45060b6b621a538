using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Modular.Testing;
using Modular.Users.Tests.Smtp;

namespace Modular.Users.Tests;

/// <summary>The built host and a mail server that wants to know who it is, over TLS.</summary>
public sealed class MailSecurityTests : IAsyncLifetime
{
    private const string Secret = "not to be seen 8d1f";
    private readonly string trusted = Path.GetTempFileName();
    private TestDatabase database = null!;

    public async ValueTask InitializeAsync() => database = await TestDatabase.CreateAsync();

    public async ValueTask DisposeAsync()
    {
        await database.DisposeAsync();
        File.Delete(trusted);
    }

    [Fact]
    public async Task The_server_gets_user_and_password_and_the_mail_over_TLS_and_the_log_neither()
    {
        await using var server = await ServerAsync("127.0.0.1");
        await using var host = await HostAsync(server);
        var email = await RegisterAsync(host);
        (await server.MailToAsync(email)).Secure.ShouldBeTrue();
        var auth = await server.HearsAsync("auth");
        (auth.GetProperty("right").GetBoolean(), auth.GetProperty("secure").GetBoolean(), auth.GetProperty("username").GetString()).ShouldBe((true, true, "kim"));
        await host.StopAsync();
        host.Log.ShouldNotContain(Secret);
    }

    [Fact]
    public async Task A_wrong_password_is_told_without_saying_it()
    {
        await using var server = await ServerAsync("127.0.0.1");
        await using var host = await HostAsync(server, ("Mail__Smtp__Password", $"{Secret}!"));
        await RegisterAsync(host);
        (await server.HearsAsync("auth")).GetProperty("right").GetBoolean().ShouldBeFalse();
        await RefusedAsync(host, "could not be sent, try 1");
        server.Mails.ShouldBeEmpty();
        host.Log.ShouldNotContain(Secret);
        host.Log.ShouldNotContain(Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"{Secret}!")));
    }

    [Theory]
    [InlineData("127.0.0.1", false, "certificate")]           // nobody vouches for it
    [InlineData("mail.example.org", true, "certificate")]     // another server's
    [InlineData(null, true, "secure connections")]            // none: somebody in between may have taken the offer away
    public async Task Nothing_is_said_to_a_server_that_cannot_show_who_it_is(string? name, bool vouched, string reason)
    {
        await using var server = name is null ? await SmtpServer.StartAsync() : await ServerAsync(name);
        if (!vouched)
            await File.WriteAllTextAsync(trusted, Certificate("127.0.0.1").Public);
        await using var host = await HostAsync(server);
        await RegisterAsync(host);
        await RefusedAsync(host, reason);
        server.All("auth").ShouldBeEmpty();
        server.Mails.ShouldBeEmpty();
    }

    private async Task<SmtpServer> ServerAsync(string name)
    {
        var (key, cert) = Certificate(name);
        await File.WriteAllTextAsync(trusted, cert);
        return await SmtpServer.StartAsync(new { user = "kim", password = Secret, key, cert });
    }

    private Task<HostProcess> HostAsync(SmtpServer server, params (string, string)[] settings) => HostProcess.StartAsync(
        database.ConnectionString, at: null,
        [
            ("Mail__From", "no-reply@town.example"), ("Mail__Smtp__Host", "127.0.0.1"), ("Mail__Smtp__Port", $"{server.Port}"), ("Mail__Smtp__User", "kim"),
            ("Mail__Smtp__Password", Secret), ("Public__Url", "https://ask.town.example"), ("SSL_CERT_FILE", trusted), .. settings,
        ]);

    private static async Task<string> RegisterAsync(HostProcess host)
    {
        using var ann = host.Somebody();
        var email = Town.NewEmail();
        (await ann.Post("/api/users/register", new { email, password = Town.Password })).Must(201);
        return email;
    }

    private static Task RefusedAsync(HostProcess host, string reason) => Eventually.Is(
        () => host.Log.Split('\n').Any(l => l.Contains("could not be sent", StringComparison.Ordinal) && l.Contains(reason, StringComparison.OrdinalIgnoreCase)),
        what: $"the log says that the mail could not be sent: {reason}");

    private static (string Private, string Public) Certificate(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        if (IPAddress.TryParse(name, out var address))
            names.AddIpAddress(address);
        else
            names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return (key.ExportPkcs8PrivateKeyPem(), made.ExportCertificatePem());
    }
}
