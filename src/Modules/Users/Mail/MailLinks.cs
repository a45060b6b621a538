using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;
using Modular.Kernel.Documents;
using Modular.Kernel.Web;
using Modular.Users.Accounts;
using Modular.Users.Keys;

namespace Modular.Users.Mail;

/// <summary>Makes the tokens of mailed links and finds them again.</summary>
internal sealed class MailLinks(SharedSecret secret, IOptions<PublicSettings> site, IServer server, TimeProvider clock)
{
    /// <summary>For used, expired, ended and made-up ones alike.</summary>
    public static Refused Unknown => Refused.NotFound("link-unknown", "This link is not good any more. Ask for a new one.");

    public static Refused TokenRequired => Refused.Input("token-required", "token", "Token is required");

    /// <summary>Derived, not stored: a second try at sending mails the same link, and the database holds none that works.</summary>
    public string TokenOf(MailRequest request) =>
        Base64Url.EncodeToString(HMACSHA256.HashData(secret.Key("mail-links"), request.Id.ToByteArray(bigEndian: true)));

    /// <summary>Behind the #, so that no server or proxy ever logs it. Never built from what a request says its host is.</summary>
    public Uri UrlOf(MailKind kind, string token) => UrlOf(kind.Page(), token);

    /// <inheritdoc cref="UrlOf(MailKind, string)"/>
    public Uri UrlOf(string page, string token) => new(new Uri(Site()), $"/{page}#token={token}");

    /// <summary>What the token of a mailed link leads to, if it is good for <paramref name="kind"/>; otherwise why not.</summary>
    public async Task<OpenedLink> OpenAsync(IDocumentSession read, MailKind kind, string token, CancellationToken ct) =>
        await read.QueryAsync<MailLink>($"where token_hash = {MailLink.HashOf(token)}", ct) is not [var link] || link.Kind != kind || !link.IsGood(clock.GetUtcNow())
        || await read.LoadAsync<Account>(link.UserId, ct) is not { } account || await read.LoadAsync<User>(link.UserId, ct) is not { } user
            ? new OpenedLink(Unknown)
            : user.BannedAt is not null ? new OpenedLink(BannedRefusal.Refused)
            : new OpenedLink(link, account, user);

    /// <summary>After a new password no older link lets anybody in; one to confirm the address does not.</summary>
    /// <param name="but">One that the caller ends.</param>
    public async Task EndAllAsync(IDocumentSession work, Guid user, CancellationToken ct, Guid but = default)
    {
        var now = clock.GetUtcNow();
        foreach (var link in await work.QueryAsync<MailLink>($"where user_id = {user}", ct))
            if (link.Id != but && link.Kind != MailKind.Verify && link.IsGood(now))
                work.Store(link.Ended(now));
    }

    private string Site() =>
        site.Value.Url
        ?? server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault()
            ?.Replace("0.0.0.0", "localhost", StringComparison.Ordinal).Replace("[::]", "localhost", StringComparison.Ordinal)
        ?? throw new InvalidOperationException("Public:Url is not set, and this host listens nowhere.");
}

/// <summary>A good link with whose it is, or <see cref="Refused"/>.</summary>
internal sealed class OpenedLink
{
    private readonly (MailLink Link, Account Account, User User)? found;

    public OpenedLink(Refused refused) => Refused = refused;

    public OpenedLink(MailLink link, Account account, User user) => found = (link, account, user);

    public Refused? Refused { get; }

    public MailLink Link => found!.Value.Link;

    public Account Account => found!.Value.Account;

    public User User => found!.Value.User;
}
