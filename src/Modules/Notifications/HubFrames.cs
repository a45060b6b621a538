using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.SignalR;
using Modular.Kernel.Documents;
using Modular.Kernel.Messaging.Signals;

namespace Modular.Notifications;

/// <summary>
/// Invocations of the client as SignalR's JSON protocol frames them, finished bytes: SignalR's own senders would
/// parse and write the events once a connection.
/// </summary>
internal static class HubFrames
{
    private static readonly JsonWriterOptions Writing = new() { Encoder = ModularJson.Options.Encoder, SkipValidation = true };

    public static SerializedHubMessage Events(string stream, IReadOnlyCollection<byte[]> events) =>
        Invocation("events"u8, events.Sum(e => e.Length + 1), json =>
        {
            json.WriteStringValue(stream);
            json.WriteStartArray();
            foreach (var happened in events)
                json.WriteRawValue(happened, skipInputValidation: true);
            json.WriteEndArray();
        });

    public static SerializedHubMessage Signal(SignalMessage signal) => Invocation("signal"u8, signal.Data.Length, json =>
    {
        json.WriteStringValue(signal.Stream);
        json.WriteStringValue(signal.Type);
        json.WriteRawValue(signal.Data.Span, skipInputValidation: true);
    });

    public static SerializedHubMessage Resync(string stream) => Invocation("resync"u8, 0, json => json.WriteStringValue(stream));

    public static SerializedHubMessage Closed(string stream, string code, string detail) => Invocation("closed"u8, 0, json =>
    {
        json.WriteStringValue(stream);
        json.WriteStringValue(code);
        json.WriteStringValue(detail);
    });

    public static SerializedHubMessage Heads(IEnumerable<KeyValuePair<string, long>> heads) => Invocation("heads"u8, 0, json =>
    {
        json.WriteStartObject();
        foreach (var (stream, head) in heads)
            json.WriteNumber(stream, head);
        json.WriteEndObject();
    });

    public static SerializedHubMessage Reconnect(TimeSpan after) =>
        Invocation("reconnect"u8, 0, json => json.WriteNumberValue((long)after.TotalMilliseconds));

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
