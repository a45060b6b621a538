namespace Modular.Kernel.MassTransit;

/// <summary>The <c>Bus</c> section.</summary>
public sealed class BusSettings
{
    /// <summary>RabbitMQ as <c>amqp://user:password@host:5672/vhost</c> (<c>amqps</c> for TLS). Without it one process serves the database.</summary>
    public string? Url { get; set; }
}
