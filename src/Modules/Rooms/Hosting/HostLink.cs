using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Modular.Kernel.Web;

namespace Modular.Rooms.Hosting;

/// <summary>
/// The link that makes its holder a room's host: a guest who loses the cookie keeps the event. The token stands
/// behind the <c>#</c>, which browsers send to no server, so it gets into no log.
/// </summary>
internal sealed class HostLink(IOptions<PublicSettings> address)
{
    private const string Mark = "#host=";

    public static string NewToken() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    public static string HashOf(string token) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    /// <summary>The token, from itself or from the whole link that somebody has pasted.</summary>
    public static string TokenIn(string pasted) =>
        pasted.LastIndexOf(Mark, StringComparison.Ordinal) is >= 0 and var at ? pasted[(at + Mark.Length)..].Trim() : pasted.Trim();

    public string To(Room room, string token, HttpRequest request) =>
        $"{address.Value.Url?.TrimEnd('/') ?? $"{request.Scheme}://{request.Host}"}/r/{room.Code}{Mark}{token}";
}
