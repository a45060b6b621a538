using System.ComponentModel.DataAnnotations;

namespace Modular.Notifications;

/// <summary>Section <c>Modules:Notifications</c>.</summary>
internal sealed class NotificationsOptions
{
    /// <summary>Open sockets of this process; more are answered 503. Each costs a file handle.</summary>
    [Range(1, 1_000_000)]
    public int MostSockets { get; set; } = 15_000;
}
