using RabbitMQ.Client;

namespace Modular.Kernel.MassTransit;

/// <summary>Where the broker is, taken from an AMQP URL.</summary>
internal sealed record BrokerAddress(string Host, ushort Port, string VirtualHost, string User, string Password, bool Tls)
{
    public static BrokerAddress? TryRead(string? url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("amqp" or "amqps") || uri.Host.Length == 0)
            return null;
        var tls = uri.Scheme is "amqps";
        var who = uri.UserInfo.Split(':', 2);
        return new BrokerAddress(
            uri.IdnHost, (ushort)(uri.Port > 0 ? uri.Port : tls ? 5671 : 5672),
            uri.AbsolutePath is "" or "/" ? "/" : Uri.UnescapeDataString(uri.AbsolutePath[1..]),
            who[0].Length > 0 ? Uri.UnescapeDataString(who[0]) : "guest", who.Length > 1 ? Uri.UnescapeDataString(who[1]) : "guest", tls);
    }

    /// <summary>For messages: without the password.</summary>
    public override string ToString() => $"{Host}:{Port}";

    public ConnectionFactory Factory(string name) => new()
    {
        HostName = Host,
        Port = Port,
        VirtualHost = VirtualHost,
        UserName = User,
        Password = Password,
        ClientProvidedName = name,
        AutomaticRecoveryEnabled = false,
        RequestedConnectionTimeout = TimeSpan.FromSeconds(5),
        ContinuationTimeout = TimeSpan.FromSeconds(5),
        HandshakeContinuationTimeout = TimeSpan.FromSeconds(5),
        Ssl = new SslOption { Enabled = Tls, ServerName = Host },
    };
}
