namespace Modular.Notifications;

/// <summary><c>Modules:Notifications:*</c>.</summary>
internal sealed class NotificationsSettings
{
    /// <summary>Open sockets of this process; more are answered 503. Each costs a file handle.</summary>
    public int MostSockets { get; set; } = 15_000;
}
