using System.Collections.Concurrent;

namespace Modular.Kernel.Messaging;

/// <summary>
/// Whether what this process publishes comes back to it. A broker link can be up and confirm everything while the
/// process hears nothing any more; only a message of its own that stays away shows that.
/// </summary>
internal sealed class BusHealth(TimeProvider clock)
{
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(15);

    private readonly ConcurrentDictionary<string, long> heard = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> confirmed = new(StringComparer.Ordinal);
    private readonly long started = clock.GetTimestamp();

    /// <summary>This process, to itself: the sockets here have had what bears this id since its commit.</summary>
    public Guid Me { get; } = Guid.CreateVersion7();

    /// <summary>The broker takes what is published here.</summary>
    public bool IsConfirmed => confirmed.Values.Any(IsFresh);

    /// <summary>Confirmed and, for every module, come back.</summary>
    public bool Hears => IsConfirmed && confirmed.Keys.All(HasHeard);

    /// <summary>Confirmed for long enough, but for some module nothing has come back.</summary>
    public bool IsDeaf => clock.GetElapsedTime(started) > Silence && confirmed.Any(c => IsFresh(c.Value) && !HasHeard(c.Key));

    /// <summary>A message of this process has come back.</summary>
    public void Heard(string module) => heard[module] = clock.GetTimestamp();

    /// <summary>The broker has taken a message of this process and knows whom it is for.</summary>
    public void Confirmed(string module) => confirmed[module] = clock.GetTimestamp();

    private bool HasHeard(string module) => heard.TryGetValue(module, out var at) && IsFresh(at);

    private bool IsFresh(long at) => clock.GetElapsedTime(at) < Silence;
}
