using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using Modular.Kernel.Modules;

namespace Modular.Kernel.Web;

/// <summary>The JSON a request carried, kept to explain what is wrong with it.</summary>
internal sealed record SentJson(ReadOnlyMemory<byte> Utf8);

/// <summary>
/// Before a module's endpoint: nothing over the limit (also without Content-Length), JSON is JSON, and no text that cannot be
/// stored, neither in the body nor in the query or path. Small bodies, so they are read whole.
/// </summary>
internal sealed class RequestBodies(RequestDelegate next, IOptions<LimitSettings> limits)
{
    private const int AtFirst = 4096;

    public async Task InvokeAsync(HttpContext http)
    {
        var endpoint = http.GetEndpoint();
        var limit = endpoint?.Metadata.GetMetadata<BodyLimitMetadata>()?.Bytes ?? limits.Value.Body;
        if (http.Request.ContentLength > limit)
        {
            // Kestrel then reads and drops the rest for a while, so the client gets to see the answer.
            Limit(http, bytes: null);
            throw TooLarge();
        }

        ThrowOnInvalidAddress(http.Request);
        var isJson = endpoint?.Metadata.GetMetadata<ModuleMetadata>() is not null && http.Request.HasJsonContentType();
        Limit(http, isJson ? null : limit);
        if (isJson && http.Features.Get<IHttpRequestBodyDetectionFeature>() is null or { CanHaveBody: true })
            await ReadJsonAsync(http, limit);
        await next(http);
    }

    private static async Task ReadJsonAsync(HttpContext http, long limit)
    {
        if (!IsUtf8(http.Request))
            throw new BadHttpRequestException("Only UTF-8.", StatusCodes.Status415UnsupportedMediaType);
        // What reads the body next looks the name up again, and fails on one it does not know.
        http.Request.ContentType = "application/json";

        var json = await ReadAsync(http.Request.Body, http.Request.ContentLength, limit, http.RequestAborted);
        if (json.Length > 0)
        {
            InvalidText.ThrowInJson(json.Span);
            http.Features.Set(new SentJson(json));
        }

        MemoryMarshal.TryGetArray(json, out var bytes);
        http.Request.Body = new MemoryStream(bytes.Array!, bytes.Offset, bytes.Count, writable: false);
    }

    private static bool IsUtf8(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        && HeaderUtilities.RemoveQuotes(type.Charset).ToString().ToLowerInvariant() is "" or "utf-8" or "us-ascii";

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(Stream body, long? length, long limit, CancellationToken ct)
    {
        // As much as has come, not as much as is said to come: who says two megabytes and sends none must not have them.
        var buffer = new byte[Math.Min(length ?? AtFirst, AtFirst)];
        var filled = 0;
        while (true)
        {
            if (filled == buffer.Length && filled != length)
                Array.Resize(ref buffer, (int)Math.Min(length ?? int.MaxValue, Math.Max(buffer.Length * 2L, AtFirst)));
            var read = await body.ReadAsync(buffer.AsMemory(filled), ct);
            if (read == 0)
                return WithoutByteOrderMark(buffer.AsMemory(0, filled));
            filled += read;
            if (filled > limit)
                throw TooLarge();
        }
    }

    private static ReadOnlyMemory<byte> WithoutByteOrderMark(ReadOnlyMemory<byte> json) =>
        json.Span is [0xEF, 0xBB, 0xBF, ..] ? json[3..] : json;

    private static void ThrowOnInvalidAddress(HttpRequest request)
    {
        if (InvalidText.In(request.Path.Value ?? ""))
            throw new InvalidTextException(field: null);
        if (!request.QueryString.HasValue)
            return;
        foreach (var (name, values) in request.Query)
            if (InvalidText.In(name) || values.Any(v => v is not null && InvalidText.In(v)))
                throw new InvalidTextException(InvalidText.In(name) ? null : name);
    }

    private static void Limit(HttpContext http, long? bytes)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } feature)
            feature.MaxRequestBodySize = bytes;
    }

    private static BadHttpRequestException TooLarge() => new("Body over the limit.", StatusCodes.Status413PayloadTooLarge);
}
