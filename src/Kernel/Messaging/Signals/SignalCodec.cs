using System.Text.Json;
using Modular.Kernel.Documents;

namespace Modular.Kernel.Messaging.Signals;

/// <summary>A batch of signals as replicas send it to each other: a JSON array whose members are only ever added to.</summary>
internal static class SignalCodec
{
    private static readonly JsonSerializerOptions Strict = new(ModularJson.Options) { RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true };

    public static byte[] Write(IReadOnlyList<SignalMessage> signals) =>
        JsonSerializer.SerializeToUtf8Bytes(signals.Select(s => new Item(s.Stream, s.Type, JsonSerializer.Deserialize<JsonElement>(s.Data.Span))), ModularJson.Options);

    /// <exception cref="JsonException">It is not such a batch.</exception>
    public static IReadOnlyList<SignalMessage> Read(ReadOnlyMemory<byte> batch)
    {
        var items = JsonSerializer.Deserialize<Item?[]>(batch.Span, Strict);
        return items is not null && !items.Contains(null)
            ? [.. items.Select(item => new SignalMessage(item!.Stream, item.Type, JsonSerializer.SerializeToUtf8Bytes(item.Data, ModularJson.Options)))]
            : throw new JsonException("This is not a batch of signals.");
    }

    private sealed record Item(string Stream, string Type, JsonElement Data);
}
