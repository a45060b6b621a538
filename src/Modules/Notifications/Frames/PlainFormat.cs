using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;
using Modular.Kernel.Documents;
using Modular.Kernel.Messaging;
using Modular.Notifications.Streams;

namespace Modular.Notifications.Frames;

/// <summary>
/// Text messages of a plain WebSocket, one an event, with their headers (RFC 6455 §5.2). A server masks nothing, so the very
/// bytes are the same for everybody, and many events leave in one write.
/// </summary>
internal sealed class PlainFormat(IEventAliases aliases) : Format<byte[]>(Protocol.Plain)
{
    private const byte LastOfText = 0x81;

    private static readonly JsonWriterOptions Writing = new() { Encoder = ModularJson.Options.Encoder, SkipValidation = true };

    public override byte[] Make(Frame frame) => frame switch
    {
        EventsFrame events => Events(events),
        ResyncFrame resync => Message(json => Head(json, "resync"u8, resync.Stream)),
        ClosedFrame closed => Message(json =>
        {
            Head(json, "closed"u8, closed.Stream);
            json.WriteString("code"u8, closed.Code);
            json.WriteString("detail"u8, closed.Detail);
        }),
        _ => [],                                             // signals and heads: not in this protocol
    };

    private byte[] Events(EventsFrame frame)
    {
        var (all, one) = (new ArrayBufferWriter<byte>(frame.Events.Sum(e => e.Json.Length + 96)), new ArrayBufferWriter<byte>(1024));
        using var json = new Utf8JsonWriter(one, Writing);
        foreach (var happened in frame.Events)
        {
            one.ResetWrittenCount();
            json.Reset();
            Write(json, frame.Stream, happened);
            Wrap(one.WrittenSpan, all);
        }

        return all.WrittenSpan.ToArray();
    }

    private void Write(Utf8JsonWriter json, string stream, Entry happened)
    {
        json.WriteStartObject();
        json.WriteString("msg_type"u8, aliases.Of(happened.Type) ?? happened.Type);
        json.WriteString("stream"u8, stream);
        json.WriteNumber("seq"u8, happened.Seq);
        json.WritePropertyName("data"u8);
        json.WriteRawValue(happened.Data, skipInputValidation: true);
        json.WriteEndObject();
        json.Flush();
    }

    private static byte[] Message(Action<Utf8JsonWriter> members)
    {
        var (all, one) = (new ArrayBufferWriter<byte>(), new ArrayBufferWriter<byte>());
        using var json = new Utf8JsonWriter(one, Writing);
        json.WriteStartObject();
        members(json);
        json.WriteEndObject();
        json.Flush();
        Wrap(one.WrittenSpan, all);
        return all.WrittenSpan.ToArray();
    }

    private static void Head(Utf8JsonWriter json, ReadOnlySpan<byte> type, string stream)
    {
        json.WriteString("msg_type"u8, type);
        json.WriteString("stream"u8, stream);
    }

    private static void Wrap(ReadOnlySpan<byte> text, ArrayBufferWriter<byte> output)
    {
        var header = output.GetSpan(10);
        header[0] = LastOfText;
        var length = 2;
        if (text.Length < 126)
        {
            header[1] = (byte)text.Length;
        }
        else if (text.Length <= ushort.MaxValue)
        {
            header[1] = 126;
            BinaryPrimitives.WriteUInt16BigEndian(header[2..], (ushort)text.Length);
            length = 4;
        }
        else
        {
            header[1] = 127;
            BinaryPrimitives.WriteInt64BigEndian(header[2..], text.Length);
            length = 10;
        }

        output.Advance(length);
        output.Write(text);
    }
}
