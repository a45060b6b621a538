using System.Text.Json;
using System.Text.Json.Serialization;

namespace Modular.Notifications.Sockets;

/// <summary>The answer to Subscribe. <paramref name="Recovered"/> false: take a snapshot; live events go on after <paramref name="Head"/>.</summary>
internal sealed record SubscribeAnswer(string Stream, string Epoch, long Head, bool Recovered, RawEvents Events)
{
    /// <summary>What opens once the answer has been written.</summary>
    [JsonIgnore]
    public Subscription? Subscription { get; init; }
}

/// <summary>Events that are finished JSON already.</summary>
[JsonConverter(typeof(Converter))]
internal sealed record RawEvents(IReadOnlyList<byte[]> Json)
{
    public static RawEvents None { get; } = new([]);

    internal sealed class Converter : JsonConverter<RawEvents>
    {
        public override RawEvents Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException("Events are written here, never read.");

        public override void Write(Utf8JsonWriter writer, RawEvents value, JsonSerializerOptions options)
        {
            writer.WriteStartArray();
            foreach (var happened in value.Json)
                writer.WriteRawValue(happened, skipInputValidation: true);
            writer.WriteEndArray();
        }
    }
}
