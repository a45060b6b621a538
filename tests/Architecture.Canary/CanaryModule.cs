using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Modular.Kernel.Messaging;
using Modular.Kernel.Modules;
using Modular.Questions;

namespace Modular.Canary;

public sealed class CanaryModule : IModule
{
    public string Name => new QuestionsModule().Name;

    public void AddServices(IHostApplicationBuilder host)
    {
    }

    public void MapEndpoints(IEndpointRouteBuilder routes)
    {
    }
}

/// <summary>Public, though a module shows only its module class; an event, though it has no wire name and no shape on record.</summary>
public sealed record CanaryEvent(Guid Id) : IEvent
{
    Guid IEvent.Subject => Id;
}
