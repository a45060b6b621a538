using Microsoft.Extensions.DependencyInjection;
using Modular.Kernel.Documents;
using Modular.Testing;
using Modular.Users.Accounts;
using Npgsql;

namespace Modular.Users.Tests.Smtp;

/// <summary>The product with a mail server, for the tests of a class.</summary>
public sealed class Town : IAsyncLifetime
{
    internal const string Password = "correct horse";

    public Product Product { get; private set; } = null!;

    internal SmtpServer Server { get; private set; } = null!;

    internal IDocumentStore Store => Product.Services.GetRequiredKeyedService<IDocumentStore>("users");

    public async ValueTask InitializeAsync()
    {
        Server = await SmtpServer.StartAsync();
        Product = await StartAsync(Server);
    }

    public async ValueTask DisposeAsync()
    {
        await Product.DisposeAsync();
        await Server.DisposeAsync();
    }

    internal static Task<Product> StartAsync(SmtpServer server, TestDatabase? database = null, params string[] settings) => Product.StartAsync(
        database,
        ["--Mail:From=Town Hall <no-reply@town.example>", "--Mail:Smtp:Host=127.0.0.1", $"--Mail:Smtp:Port={server.Port}", "--Mail:Smtp:Security=none",
        "--Public:Url=https://ask.town.example", "--Logging:LogLevel:Modular.Users.Mail=Error", "--Proxies:Known:0=127.0.0.1", .. settings]);

    /// <summary>A new account, as registering makes it; without a password for one who signs in by links.</summary>
    internal async Task<(string Email, Guid Id)> AccountAsync(bool verified = false)
    {
        var email = NewEmail();
        var hash = await Product.Services.GetRequiredService<Passwords>().HashAsync(Password, from: null, CancellationToken.None);
        var work = Store.OpenSession();
        var user = work.Insert(User.Member(Guid.NewGuid(), "Ann"));
        var account = Account.Of(user.Id, email, hash);
        work.Insert(verified ? account with { VerifiedAt = user.CreatedAt } : account);
        await work.SaveChangesAsync(CancellationToken.None);
        return (email, user.Id);
    }

    internal static string NewEmail() => $"p{Guid.NewGuid():n}@people.example";

    /// <summary>A new account, made by registering, and the mail that brings.</summary>
    internal async Task<(string Email, ReceivedMail Mail)> RegisteredAsync()
    {
        using var somebody = Product.Somebody();
        var email = NewEmail();
        (await somebody.Post("/api/users/register", new { email, password = Password })).Must(201);
        return (email, await Server.MailToAsync(email));
    }

    internal async Task<Browser> SignedInAsync(string email)
    {
        var somebody = Product.Somebody();
        (await somebody.Post("/api/users/login", new { email, password = Password })).Must(200);
        return somebody;
    }

    /// <summary>Asks for a mail and waits for it.</summary>
    internal async Task<ReceivedMail> MailAsync(string path, string email, int times = 1)
    {
        using var somebody = Product.Somebody();
        (await somebody.Post(path, new { email })).Must(200);
        return await Server.MailToAsync(email, times);
    }

    /// <summary>Until nothing waits to be sent now.</summary>
    internal Task QuietAsync() => Eventually.Is(
        async () => await Product.Database.ScalarAsync<long>($"select count(*) from users.mail_request where next_at <= '{Product.Clock.GetUtcNow():O}'") == 0,
        what: "no mail is due");

    internal Task<long> WaitingAsync() => Product.Database.ScalarAsync<long>("select count(*) from users.mail_request");
}
