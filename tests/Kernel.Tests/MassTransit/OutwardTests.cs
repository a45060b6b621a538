using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Modular.Kernel.MassTransit;
using Modular.Kernel.Tests.Documents;

namespace Modular.Kernel.Tests.MassTransit;

public sealed class OutwardTests
{
    [Fact]
    public void The_bus_is_made_without_MassTransits_own_services_which_tell_its_makers_how_it_is_used()
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection([new("Bus:Url", "amqp://broker")]);
        builder.AddShop();
        builder.AddRabbitMq();

        var services = builder.Services.Select(s => s.ServiceType.Assembly.GetName().Name!);
        Assert.Contains("Modular.Kernel.MassTransit", services);
        Assert.DoesNotContain(services, name => name.StartsWith("MassTransit", StringComparison.Ordinal));
    }
}
