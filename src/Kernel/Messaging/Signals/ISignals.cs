namespace Modular.Kernel.Messaging.Signals;

/// <summary>
/// What passes: who is typing, how many are here. A signal reaches whoever follows its stream now, on every replica; it is
/// never stored and may be lost. What must arrive is an event. Injected into an endpoint or event handler it belongs to the
/// module whose code it is; elsewhere take it with <c>[FromKeyedServices("name")]</c>.
/// </summary>
public interface ISignals
{
    /// <summary>Returns at once and never fails because of the bus. Only streams of the own module.</summary>
    /// <param name="type">Its stable wire name, for example <c>typing</c>.</param>
    /// <param name="data">Shown to every reader of the stream, so nothing private.</param>
    void Send(string stream, string type, object data);
}

/// <summary>A signal on its way. <paramref name="Data"/> is UTF-8 JSON, written once and sent as it is.</summary>
public sealed record SignalMessage(string Stream, string Type, ReadOnlyMemory<byte> Data);
