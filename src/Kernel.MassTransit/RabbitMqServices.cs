using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Modular.Kernel.Documents;
using Modular.Kernel.Messaging;
using Modular.Kernel.Messaging.Signals;
using Modular.Kernel.Modules;
using Modular.Kernel.Web;

namespace Modular.Kernel.MassTransit;

public static class RabbitMqServices
{
    /// <summary>Where <c>Bus:Url</c> is set, events go through RabbitMQ to all replicas; otherwise this process serves alone.</summary>
    public static IHostApplicationBuilder AddRabbitMq(this IHostApplicationBuilder host)
    {
        host.AddSettings<BusSettings>("Bus").Validate(
            bus => string.IsNullOrEmpty(bus.Url) || BrokerAddress.TryRead(bus.Url) is not null,
            "Bus:Url must be an address such as amqp://user:password@host:5672/vhost.");
        if (BrokerAddress.TryRead(host.Configuration["Bus:Url"]) is not { } broker)
            return host;

        // It logs each failed attempt as an error with its stack, also those that the lanes repeat; the transport says what an operator needs.
        host.Logging.AddFilter("MassTransit", LogLevel.None);
        host.Services.AddSingleton(services => new RabbitMqTransport(
            broker, [.. services.GetServices<ModuleStoreBuilder>().Select(m => m.Module)], services.GetRequiredService<HandlerIndex>(),
            services.GetRequiredService<EventReceiver>(), services.GetRequiredService<BusHealth>(), services.GetRequiredService<KernelMetrics>(),
            services.GetRequiredService<ILoggerFactory>()));
        host.Services.AddSingleton<IEventTransport>(services => services.GetRequiredService<RabbitMqTransport>());
        host.Services.AddSingleton<ISignalTransport>(services => services.GetRequiredService<RabbitMqTransport>());
        return host;
    }
}
