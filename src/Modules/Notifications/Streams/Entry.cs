using System.Buffers;
using System.Text.Json;
using Modular.Kernel.Documents;
using Modular.Kernel.Messaging;

namespace Modular.Notifications.Streams;

/// <summary>An event as the wire shows it, serialised once: <c>{"seq","type","at","data"}</c> in UTF-8.</summary>
internal sealed record Entry(long Seq, string Type, DateTimeOffset At, Guid Subject, Guid? Redacts, byte[] Json)
{
    private static readonly JsonWriterOptions Writing = new() { Encoder = ModularJson.Options.Encoder, SkipValidation = true };

    private string? trace;

    /// <summary>The data alone, for protocols that dress it otherwise: the last member of the JSON.</summary>
    public ReadOnlySpan<byte> Data => Json.AsSpan(Json.AsSpan().IndexOf(DataMember) + DataMember.Length)[..^1];

    private static ReadOnlySpan<byte> DataMember => "\"data\":"u8;

    public static Entry Of(StreamEvent happened) => new(
        happened.Seq, happened.Type, happened.At, happened.Subject, happened.Redacts,
        Write(happened.Seq, happened.Type, happened.At, happened.Data.Span))
    {
        trace = happened.Trace,
    };

    /// <summary>The trace it belongs to, once: the first frame with it tells that it went out. Its stream's lock guards it.</summary>
    public string? TakeTrace()
    {
        var taken = trace;
        trace = null;
        return taken;
    }

    /// <summary>What is left of an event whose subject was redacted: its id.</summary>
    public Entry Redacted() => this with
    {
        Json = Write(Seq, Type, At, JsonSerializer.SerializeToUtf8Bytes(new { id = Subject }, ModularJson.Options)),
    };

    private static byte[] Write(long seq, string type, DateTimeOffset at, ReadOnlySpan<byte> data)
    {
        var buffer = new ArrayBufferWriter<byte>(96 + data.Length);
        using var json = new Utf8JsonWriter(buffer, Writing);
        json.WriteStartObject();
        json.WriteNumber("seq"u8, seq);
        json.WriteString("type"u8, type);
        json.WriteString("at"u8, at.UtcDateTime);
        json.WritePropertyName("data"u8);
        json.WriteRawValue(data, skipInputValidation: true);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }
}
