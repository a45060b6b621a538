using System.Buffers;
using System.Text.Json;
using Modular.Kernel.Documents;

namespace Modular.Kernel.Messaging;

/// <summary>
/// A batch of events as replicas send it to each other: a JSON array whose members are only ever added to, because old
/// and new versions run side by side during an upgrade. The events' data is neither parsed nor copied on the way in.
/// </summary>
internal static class BatchCodec
{
    private static readonly JsonWriterOptions Writing = new() { Encoder = ModularJson.Options.Encoder, SkipValidation = true };

    public static byte[] Write(IReadOnlyList<OutboxRow> rows)
    {
        var buffer = new ArrayBufferWriter<byte>(64 + rows.Sum(r => 320 + r.Data.Length));
        using var json = new Utf8JsonWriter(buffer, Writing);
        json.WriteStartArray();
        foreach (var row in rows)
        {
            json.WriteStartObject();
            json.WriteString("id"u8, row.EventId);
            json.WriteNumber("seq"u8, row.Seq);
            json.WriteString("type"u8, row.Type);
            json.WriteString("subject"u8, row.Subject);
            json.WriteString("at"u8, row.At);
            if (row.Stream is not null)
                json.WriteString("stream"u8, row.Stream);
            if (row.RequestId is not null)
                json.WriteString("requestId"u8, row.RequestId);
            if (row.Redacts is { } redacts)
                json.WriteString("redacts"u8, redacts);
            if (row.Trace is not null)
                json.WriteString("trace"u8, row.Trace);
            json.WritePropertyName("data"u8);
            json.WriteRawValue(row.Data.Span, skipInputValidation: true);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    /// <exception cref="JsonException">It is not such a batch.</exception>
    public static List<OutboxRow> Read(ReadOnlyMemory<byte> batch)
    {
        try
        {
            return ReadRows(batch);
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException)
        {
            throw new JsonException("This is not a batch of events: a member is of another kind.", e);
        }
    }

    private static List<OutboxRow> ReadRows(ReadOnlyMemory<byte> batch)
    {
        var rows = new List<OutboxRow>();
        var json = new Utf8JsonReader(batch.Span);
        Expect(json.Read() && json.TokenType == JsonTokenType.StartArray);
        while (json.Read() && json.TokenType == JsonTokenType.StartObject)
            rows.Add(ReadRow(ref json, batch));
        Expect(json.TokenType == JsonTokenType.EndArray);
        return rows;
    }

    private static OutboxRow ReadRow(ref Utf8JsonReader json, ReadOnlyMemory<byte> batch)
    {
        var (id, subject, redacts) = (Guid.Empty, Guid.Empty, (Guid?)null);
        var (stream, type, requestId, trace) = ((string?)null, "", (string?)null, (string?)null);
        var (seq, at, data) = (0L, default(DateTimeOffset), default(ReadOnlyMemory<byte>));
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (Is(ref json, "id"u8))
                id = json.GetGuid();
            else if (Is(ref json, "seq"u8))
                seq = json.GetInt64();
            else if (Is(ref json, "type"u8))
                type = json.GetString() ?? "";
            else if (Is(ref json, "subject"u8))
                subject = json.GetGuid();
            else if (Is(ref json, "at"u8))
                at = json.GetDateTimeOffset();
            else if (Is(ref json, "stream"u8))
                stream = json.GetString();
            else if (Is(ref json, "requestId"u8))
                requestId = json.GetString();
            else if (Is(ref json, "redacts"u8))
                redacts = json.GetGuid();
            else if (Is(ref json, "trace"u8))
                trace = json.GetString();
            else if (Is(ref json, "data"u8))
                data = Raw(ref json, batch);
            else
                Skip(ref json);
        }

        Expect(id != Guid.Empty && type.Length > 0 && !data.IsEmpty);
        return new OutboxRow(0, Lanes.Of(stream, id), id, stream, seq, type, subject, data, at, requestId, redacts, trace);
    }

    /// <summary>When it is, the reader stands on the value.</summary>
    private static bool Is(ref Utf8JsonReader json, ReadOnlySpan<byte> name) => json.ValueTextEquals(name) && json.Read();

    private static void Skip(ref Utf8JsonReader json)
    {
        json.Read();
        json.Skip();
    }

    private static ReadOnlyMemory<byte> Raw(ref Utf8JsonReader json, ReadOnlyMemory<byte> batch)
    {
        var start = (int)json.TokenStartIndex;
        json.Skip();
        return batch[start..(int)json.BytesConsumed];
    }

    private static void Expect(bool held)
    {
        if (!held)
            throw new JsonException("This is not a batch of events.");
    }
}
