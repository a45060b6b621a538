using System.Text.Json;
using Modular.Kernel.Documents;
using Modular.Kernel.Web;

namespace Modular.Kernel.Messaging.Signals;

/// <summary>Carries the ids of ended sessions as a signal on a stream that no module owns, so no client can follow it and no module send on it.</summary>
internal sealed class Revocations(SignalRelay relay) : IRevocations
{
    public const string Stream = "kernel/revocations";

    // A signal is small wherever it goes; a ban of somebody with many sessions is several.
    private const int MostAtOnce = 100;

    public void SessionsChanged(params IReadOnlyCollection<Guid> sessions)
    {
        foreach (var some in sessions.Chunk(MostAtOnce))
            relay.Send(new SignalMessage(Stream, "sessions.ended", JsonSerializer.SerializeToUtf8Bytes(some, ModularJson.Options)));
    }

    public static bool Carries(SignalMessage signal) => signal.Stream.Equals(Stream, StringComparison.Ordinal);

    public static Guid[] Read(SignalMessage signal) => JsonSerializer.Deserialize<Guid[]>(signal.Data.Span, ModularJson.Options) ?? [];
}
