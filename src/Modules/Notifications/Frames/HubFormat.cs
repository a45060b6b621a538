using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.SignalR;
using Modular.Kernel.Documents;

namespace Modular.Notifications.Frames;

/// <summary>
/// Invocations of the client as SignalR's JSON protocol frames them, finished bytes: SignalR's own senders would
/// parse and write the events once a connection.
/// </summary>
internal sealed class HubFormat() : Format<SerializedHubMessage>(Protocol.Hub)
{
    private static readonly JsonWriterOptions Writing = new() { Encoder = ModularJson.Options.Encoder, SkipValidation = true };

    public override SerializedHubMessage Make(Frame frame) => frame switch
    {
        EventsFrame events => Events(events),
        SignalFrame signal => Invocation("signal"u8, signal.Signal.Data.Length, json =>
        {
            json.WriteStringValue(signal.Signal.Stream);
            json.WriteStringValue(signal.Signal.Type);
            json.WriteRawValue(signal.Signal.Data.Span, skipInputValidation: true);
        }),
        ResyncFrame resync => Invocation("resync"u8, 0, json => json.WriteStringValue(resync.Stream)),
        ClosedFrame closed => Invocation("closed"u8, 0, json =>
        {
            json.WriteStringValue(closed.Stream);
            json.WriteStringValue(closed.Code);
            json.WriteStringValue(closed.Detail);
        }),
        HeadsFrame heads => Heads(heads),
        ReconnectFrame reconnect => Invocation("reconnect"u8, 0, json => json.WriteNumberValue((long)reconnect.After.TotalMilliseconds)),
        _ => throw new NotSupportedException($"The hub has no call for {frame.GetType().Name}."),
    };

    private static SerializedHubMessage Events(EventsFrame frame) =>
        Invocation("events"u8, frame.Events.Sum(e => e.Json.Length + 1), json =>
        {
            json.WriteStringValue(frame.Stream);
            json.WriteStartArray();
            foreach (var happened in frame.Events)
                json.WriteRawValue(happened.Json, skipInputValidation: true);
            json.WriteEndArray();
        });

    private static SerializedHubMessage Heads(HeadsFrame frame) => Invocation("heads"u8, 0, json =>
    {
        json.WriteStartObject();
        foreach (var (stream, head) in frame.Heads)
            json.WriteNumber(stream, head);
        json.WriteEndObject();
    });

    private static SerializedHubMessage Invocation(ReadOnlySpan<byte> target, int size, Action<Utf8JsonWriter> arguments)
    {
        var buffer = new ArrayBufferWriter<byte>(size + 256);
        using var json = new Utf8JsonWriter(buffer, Writing);
        json.WriteStartObject();
        json.WriteNumber("type"u8, 1);
        json.WriteString("target"u8, target);
        json.WriteStartArray("arguments"u8);
        arguments(json);
        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        buffer.GetSpan(1)[0] = 0x1e;
        buffer.Advance(1);
        return new SerializedHubMessage([new SerializedMessage("json", buffer.WrittenSpan.ToArray())]);
    }
}
