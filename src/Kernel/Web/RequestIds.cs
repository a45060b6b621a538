using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Modular.Kernel.Web;

/// <summary><c>x-request-id</c>: the caller's, cleaned, or a new one; on the answer, in every log line and in the scope.</summary>
internal sealed class RequestIds(RequestDelegate next, ILogger<RequestIds> log)
{
    public const string Header = "x-request-id";
    private const int MaxLength = 255;

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.@-");

    public async Task InvokeAsync(HttpContext http)
    {
        var id = Clean(http.Request.Headers[Header].ToString());
        if (id.Length == 0)
            id = Guid.CreateVersion7().ToString("N");
        http.TraceIdentifier = id;
        http.Response.Headers[Header] = id;
        http.RequestServices.GetRequiredService<RequestScope>().RequestId = id;
        using (log.BeginScope(new RequestLogScope(id)))
            await next(http);
    }

    /// <summary>Characters outside <c>[A-Za-z0-9_.@-]</c> dropped, cut at 255; may be empty.</summary>
    internal static string Clean(string sent)
    {
        if (sent.Length <= MaxLength && !sent.AsSpan().ContainsAnyExcept(Allowed))
            return sent;
        return string.Concat(sent.Where(Allowed.Contains).Take(MaxLength));
    }
}

/// <summary>A log scope with the one member <c>requestId</c>.</summary>
public sealed class RequestLogScope(string requestId) : IReadOnlyList<KeyValuePair<string, object?>>
{
    public string RequestId { get; } = requestId;

    public int Count => 1;

    public KeyValuePair<string, object?> this[int index] =>
        index == 0 ? new("requestId", RequestId) : throw new ArgumentOutOfRangeException(nameof(index));

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
    {
        yield return this[0];
    }

    System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();

    public override string ToString() => RequestId;
}
