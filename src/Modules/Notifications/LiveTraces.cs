using System.Diagnostics;
using Modular.Kernel.Observability;

namespace Modular.Notifications;

/// <summary>The end of an event's trace: its first writing to a socket of this replica, not one for each of ten thousand.</summary>
internal static class LiveTraces
{
    private static readonly ActivitySource Source = new("Modular.Notifications");

    public static void Pushed(string stream, IReadOnlyList<string> traces, DateTimeOffset begun)
    {
        foreach (var trace in traces)
            Traces.Tell(Source, "push", stream[..stream.IndexOf('/')], ActivityKind.Producer, trace, begun, "modular.stream", stream);
    }
}
