using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Modular.Kernel.Web;

/// <summary><c>"&lt;version&gt;-&lt;hash&gt;"</c>: the object's version, for edits, and a hash of what this viewer sees, for caches.</summary>
public static class Etag
{
    public static string Of(int version, ReadOnlySpan<byte> shown)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(shown, hash);
        return $"\"{version}-{Base64Url.EncodeToString(hash[..12])}\"";
    }

    /// <summary>
    /// Null where an edit of an object that stands at <paramref name="version"/> may go on; a 412 where <c>If-Match</c> names other
    /// versions only. Compares the version part: votes or a different viewer do not make an edit stale.
    /// </summary>
    public static Refused? Stale(HttpContext http, int version) =>
        Matches(http.Request.Headers.IfMatch, version) ? null : Refused.Stale("Somebody changed this in the meantime. Load it again and repeat.");

    internal static bool Matches(Microsoft.Extensions.Primitives.StringValues ifMatch, int version)
    {
        if (ifMatch.Count == 0)
            return true;
        return EntityTagHeaderValue.TryParseList(ifMatch, out var tags)
            && tags.Any(t => t.Tag == "*" || Version(t.Tag.AsSpan().Trim('"')) == version);
    }

    internal static bool IsKnown(Microsoft.Extensions.Primitives.StringValues ifNoneMatch, string etag) =>
        EntityTagHeaderValue.TryParseList(ifNoneMatch, out var tags) && tags.Any(t => t.Tag == "*" || t.Tag == etag);

    private static int? Version(ReadOnlySpan<char> tag) =>
        tag.IndexOf('-') is > 0 and var end && int.TryParse(tag[..end], out var version) ? version : null;
}
