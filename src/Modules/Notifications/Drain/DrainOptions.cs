namespace Modular.Notifications.Drain;

/// <summary>Section <c>Drain</c>, as far as sockets are concerned.</summary>
internal sealed class DrainOptions
{
    /// <summary>Over how long open sockets are asked to reconnect elsewhere; default 10 s, in development none.</summary>
    public TimeSpan Window { get; set; } = TimeSpan.FromSeconds(10);
}
