namespace Modular.Notifications;

/// <summary><c>Modules:Notifications:*</c>.</summary>
internal sealed class NotificationsSettings
{
    /// <summary>Open sockets of this process, of all protocols; more are answered 503. Each costs a file handle.</summary>
    public int MostSockets { get; set; } = 15_000;

    /// <summary>Of those, of one session: a person's tabs and devices that share a sign-in.</summary>
    public int MostSocketsPerSession { get; set; } = 50;

    /// <summary>Of those, of people at one address (or IPv6 /64) who are not signed in: a hall that only reads along, but no machine that takes them all.</summary>
    public int MostSocketsPerAddress { get; set; } = 5_000;
}
