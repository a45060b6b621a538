using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Modular.Testing;
using Modular.Users.Accounts;
using Modular.Users.Mail;
using Modular.Users.Tests.Smtp;

namespace Modular.Users.Tests;

/// <summary>A link is opened by one statement, its account and its person are read by the next: what happens in between.</summary>
public sealed class LinkRaceTests(Town town) : IClassFixture<Town>
{
    private const string Reset = "/api/users/reset";
    private const string Accept = "/api/users/magic-link/accept";

    [Theory]
    [InlineData(Reset)]
    [InlineData(Accept)]
    public async Task Whoever_has_opened_a_link_does_not_use_it_after_somebody_else_has(string path)
    {
        var (email, id) = await town.AccountAsync();
        var token = (await town.MailAsync(path == Reset ? "/api/users/forgot" : "/api/users/magic-link", email)).Token;
        var late = new Late(town);
        var link = await late.OpensAsync(path == Reset ? MailKind.Reset : MailKind.SignIn, token);
        using var first = town.Product.Somebody();
        (await first.Post(path, new { token, password = "battery staple" })).Must(200);

        (await late.UsesAsync(link, id)).ShouldBeFalse();

        (await first.Get("/api/users/me")).Must(200);
    }

    [Fact]
    public async Task Whoever_has_opened_a_link_does_not_use_it_after_a_newer_one_has_taken_its_place()
    {
        var (email, id) = await town.AccountAsync();
        var late = new Late(town);
        var link = await late.OpensAsync(MailKind.Reset, (await town.MailAsync("/api/users/forgot", email)).Token);
        var newer = await town.MailAsync("/api/users/forgot", email, times: 2);

        (await late.UsesAsync(link, id)).ShouldBeFalse();

        using var ann = town.Product.Somebody();
        (await ann.Post(Reset, new { token = newer.Token, password = "battery staple" })).Must(200);
    }

    /// <summary>A request that has come as far as the link, and reads the rest when others are done.</summary>
    private sealed class Late(Town town)
    {
        private readonly Kernel.Documents.IDocumentSession work = town.Store.OpenSession();

        public async Task<MailLink> OpensAsync(MailKind kind, string token) =>
            (await town.Product.Services.GetRequiredService<MailLinks>().OpenAsync(work, kind, token, CancellationToken.None)).Link;

        public async Task<bool> UsesAsync(MailLink link, Guid user)
        {
            var account = (await work.LoadAsync<Account>(user, CancellationToken.None)).ShouldNotBeNull();
            var opened = new OpenedLink(link, account, (await work.LoadAsync<User>(user, CancellationToken.None)).ShouldNotBeNull());
            var http = new DefaultHttpContext { RequestServices = town.Product.Services };
            return await town.Product.Services.GetRequiredService<LinkSignIn>()
                .TryAsync(work, opened, account with { PasswordHash = null }, endsOthers: true, http, CancellationToken.None) is not null;
        }
    }
}
