using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace Modular.Notifications.Sockets;

/// <summary>
/// SignalR's JSON protocol, which opens a subscription once its answer has been written. Whatever a hub method sends
/// itself overtakes its own answer (measured); here the connection's write lock is held, so live frames come after it.
/// </summary>
internal sealed partial class AnswerProtocol(JsonHubProtocol json) : IHubProtocol
{
    public string Name => json.Name;

    public int Version => json.Version;

    public TransferFormat TransferFormat => json.TransferFormat;

    public bool IsVersionSupported(int version) => json.IsVersionSupported(version);

    public ReadOnlyMemory<byte> GetMessageBytes(HubMessage message) => json.GetMessageBytes(message);

    /// <remarks>
    /// A message of a type that it does not know is false to the JSON protocol, like half a message, though it has taken it:
    /// SignalR would wait in front of it for ever, and a newer client would be cut for what it may well say.
    /// </remarks>
    public bool TryParseMessage(ref ReadOnlySequence<byte> input, IInvocationBinder binder, [NotNullWhen(true)] out HubMessage? message)
    {
        while (true)
        {
            var before = input.Length;
            if (json.TryParseMessage(ref input, binder, out message))
                return true;
            if (input.Length == before)
                return false;
        }
    }

    public void WriteMessage(HubMessage message, IBufferWriter<byte> output)
    {
        json.WriteMessage(message is CompletionMessage { Error: { } error } failed ? Coded(failed, error) : message, output);
        if (message is CompletionMessage { Result: SubscribeAnswer { Subscription: { } answered } })
            answered.Open();
    }

    /// <summary>What the hub refuses has its code; what never came to it, SignalR refuses without one.</summary>
    private static CompletionMessage Coded(CompletionMessage failed, string error) => Code().IsMatch(error)
        ? failed
        : CompletionMessage.WithError(failed.InvocationId!, $"{error} HubException: call-invalid: There is no such call, or not with these arguments.");

    [GeneratedRegex("HubException: [a-z-]+: ", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Code();
}
