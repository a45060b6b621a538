using System.Text.Json;
using System.Text.RegularExpressions;

namespace Modular.Kernel.Messaging;

/// <summary>
/// Another module's event on a stream of this one, under its own wire name. The type behind the name is the other module's
/// (<c>store.RelayedEvent&lt;T&gt;()</c> there), so the name has one owner and its shape is on record as every event's. Append only:
/// handlers would not find it.
/// </summary>
/// <param name="Type">The wire name, for example <c>session.revoked</c>. Not looked up: a newer replica may know more of them than this one.</param>
public sealed partial record RelayedEvent(string Type, Guid Subject, JsonElement Data) : IEvent
{
    /// <exception cref="InvalidOperationException">It is no wire name.</exception>
    internal string WireName => Form().IsMatch(Type) ? Type : throw new InvalidOperationException($"'{Type}' is not the wire name of an event.");

    [GeneratedRegex("^[a-z]{1,50}[.][a-zA-Z]{1,50}\\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Form();
}
