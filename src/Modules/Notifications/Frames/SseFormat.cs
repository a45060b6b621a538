using System.Buffers;
using System.Text.Json;
using Modular.Kernel.Documents;

namespace Modular.Notifications.Frames;

/// <summary>
/// Server-sent events (HTML standard §9.2) without their <c>id</c> line and the empty line that ends them: the id is the
/// connection's whole position, so each adds its own.
/// </summary>
internal sealed class SseFormat() : Format<byte[]>(Protocol.Sse)
{
    private static readonly JsonWriterOptions Writing = new() { Encoder = ModularJson.Options.Encoder, SkipValidation = true };

    public override byte[] Make(Frame frame) => frame switch
    {
        EventsFrame events => Event("events"u8, events.Events.Sum(e => e.Json.Length + 1), json =>
        {
            json.WriteString("stream"u8, events.Stream);
            json.WriteStartArray("events"u8);
            foreach (var happened in events.Events)
                json.WriteRawValue(happened.Json, skipInputValidation: true);
            json.WriteEndArray();
        }),
        SignalFrame signal => Event("signal"u8, signal.Signal.Data.Length, json =>
        {
            json.WriteString("stream"u8, signal.Signal.Stream);
            json.WriteString("type"u8, signal.Signal.Type);
            json.WritePropertyName("data"u8);
            json.WriteRawValue(signal.Signal.Data.Span, skipInputValidation: true);
        }),
        ResyncFrame resync => Event("resync"u8, 0, json => json.WriteString("stream"u8, resync.Stream)),
        ClosedFrame closed => Event("closed"u8, 0, json =>
        {
            json.WriteString("stream"u8, closed.Stream);
            json.WriteString("code"u8, closed.Code);
            json.WriteString("detail"u8, closed.Detail);
        }),
        _ => [],
    };

    private static byte[] Event(ReadOnlySpan<byte> name, int size, Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>(size + 256);
        buffer.Write("event: "u8);
        buffer.Write(name);
        buffer.Write("\ndata: "u8);
        using var json = new Utf8JsonWriter(buffer, Writing);
        json.WriteStartObject();
        members(json);
        json.WriteEndObject();
        json.Flush();
        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }
}
