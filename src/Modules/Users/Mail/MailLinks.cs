using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;
using Modular.Kernel.Web;
using Modular.Users.Keys;

namespace Modular.Users.Mail;

/// <summary>Makes the tokens of mailed links and finds them again.</summary>
internal sealed class MailLinks(SharedSecret secret, IOptions<PublicSettings> site, IServer server)
{
    /// <summary>Derived, not stored: a second try at sending mails the same link, and the database holds none that works.</summary>
    public string TokenOf(MailRequest request) =>
        Base64Url.EncodeToString(HMACSHA256.HashData(secret.Key("mail-links"), request.Id.ToByteArray(bigEndian: true)));

    /// <summary>Behind the #, so that no server or proxy ever logs it. Never built from what a request says its host is.</summary>
    public Uri UrlOf(MailKind kind, string token) => new(new Uri(Site()), $"/{kind.Page()}#token={token}");

    private string Site() =>
        site.Value.Url ?? server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault()
        ?? throw new InvalidOperationException("Public:Url is not set, and this host listens nowhere.");
}
