using System.Runtime.InteropServices;

namespace Modular.Kernel.Messaging;

/// <summary>
/// Whether what this process publishes comes back to it. A broker link can be up and confirm everything while the
/// process hears nothing any more; only a message of its own that stays away shows that.
/// </summary>
internal sealed class BusHealth(TimeProvider clock)
{
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(15);

    private readonly Lock gate = new();
    private readonly Dictionary<string, Echo> modules = new(StringComparer.Ordinal);

    /// <summary>This process, to itself: the sockets here have had what bears this id since its commit.</summary>
    public Guid Me { get; } = Guid.CreateVersion7();

    /// <summary>The broker takes what is published here.</summary>
    public bool IsConfirmed => Any(module => IsFresh(module.Confirmed));

    /// <summary>Confirmed and, for every module, come back.</summary>
    public bool Hears => IsConfirmed && !Any(module => module.Confirmed is not null && !IsFresh(module.Heard));

    /// <summary>How long ago the module was heard that has been silent longest; null where this process does not hear.</summary>
    public TimeSpan? HeardAgo
    {
        get
        {
            lock (gate)
                return Hears ? modules.Values.Where(module => module.Confirmed is not null).Max(module => clock.GetElapsedTime(module.Heard!.Value)) : null;
        }
    }

    /// <summary>For some module the broker has gone on confirming for long enough, and nothing has come back.</summary>
    public bool IsDeaf => Any(module =>
        IsFresh(module.Confirmed) && module.Unheard is { } since && clock.GetElapsedTime(since, module.Confirmed!.Value) >= Silence);

    public long Now => clock.GetTimestamp();

    /// <summary>A message of this process has come back.</summary>
    public void Heard(string module) => Change(module, echo => echo with { Heard = Now, Unheard = null });

    /// <summary>
    /// The broker has taken a message of this process, sent at <paramref name="sent"/>, and knows whom it is for. Most have
    /// come back by then. Silence from before the broker was away says nothing: consumers return some time after publishing does.
    /// </summary>
    public void Confirmed(string module, long sent) => Change(module, echo => echo with
    {
        Confirmed = Now,
        Unheard = echo.Heard >= sent ? null : WasAway(echo) ? Now : echo.Unheard ?? Now,
    });

    private bool WasAway(Echo echo) => echo.Confirmed is { } last && clock.GetElapsedTime(last) >= Canary.Every * 2;

    private bool Any(Func<Echo, bool> matches)
    {
        lock (gate)
            return modules.Values.Any(matches);
    }

    private void Change(string module, Func<Echo, Echo> change)
    {
        lock (gate)
            modules[module] = change(modules.GetValueOrDefault(module));
    }

    private bool IsFresh(long? at) => at is { } then && clock.GetElapsedTime(then) < Silence;

    /// <param name="Unheard">When the first message was confirmed that has not come back.</param>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Echo(long? Confirmed, long? Heard, long? Unheard);
}
