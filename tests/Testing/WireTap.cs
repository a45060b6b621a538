using System.Buffers;
using System.Text.Json;

namespace Modular.Testing;

/// <summary>Cuts received bytes into SignalR's JSON messages (each ends with 0x1e) and keeps them.</summary>
internal sealed class WireTap
{
    private readonly Lock gate = new();
    private readonly List<JsonElement> messages = [];
    private readonly ArrayBufferWriter<byte> partial = new();

    public IReadOnlyList<JsonElement> Messages
    {
        get
        {
            lock (gate)
                return [.. messages];
        }
    }

    public void Take(ReadOnlyMemory<byte> bytes)
    {
        lock (gate)
        {
            while (bytes.Span.IndexOf((byte)0x1e) is >= 0 and var end)
            {
                partial.Write(bytes.Span[..end]);
                Keep();
                bytes = bytes[(end + 1)..];
            }

            partial.Write(bytes.Span);
        }
    }

    private void Keep()
    {
        using (var message = JsonDocument.Parse(partial.WrittenMemory))
        {
            if (message.RootElement.TryGetProperty("type", out var type) && type.GetInt32() != 6)
                messages.Add(message.RootElement.Clone());
        }

        partial.ResetWrittenCount();
    }
}
