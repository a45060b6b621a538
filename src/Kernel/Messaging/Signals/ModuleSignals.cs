using System.Text.Json;
using Modular.Kernel.Documents;

namespace Modular.Kernel.Messaging.Signals;

internal sealed class ModuleSignals(string module, SignalRelay relay) : ISignals
{
    public void Send(string stream, string type, object data)
    {
        if (!StreamNames.Owner(stream).Equals(module, StringComparison.Ordinal))
            throw new InvalidOperationException($"The stream {stream} does not belong to the module {module}.");
        relay.Send(new SignalMessage(stream, type, JsonSerializer.SerializeToUtf8Bytes(data, data.GetType(), ModularJson.Options)));
    }
}
