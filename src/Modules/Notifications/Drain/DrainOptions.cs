namespace Modular.Notifications.Drain;

/// <summary><c>Drain:*</c>, as far as sockets are concerned.</summary>
internal sealed class DrainOptions
{
    /// <summary>Over how long open sockets are asked to reconnect elsewhere.</summary>
    public TimeSpan Window { get; set; } = TimeSpan.FromSeconds(10);
}
