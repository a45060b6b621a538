using Modular.Kernel.Documents;
using Modular.Kernel.MassTransit;
using Modular.Kernel.Modules;
using Modular.Kernel.Observability;
using Modular.Kernel.Web;
using Modular.Notifications;
using Modular.Questions;
using Modular.Rooms;
using Modular.Users;

namespace Modular.Host;

/// <summary>Puts the product together. Several can live in one process, each with its own configuration.</summary>
public static class ModularHost
{
    /// <summary>Every module, in the order they register, migrate and start.</summary>
    public static IReadOnlyList<IModule> Modules() => [new UsersModule(), new RoomsModule(), new QuestionsModule(), new NotificationsModule()];

    /// <summary>Builds the host without starting it; <paramref name="configure"/> runs last, for tests.</summary>
    /// <param name="args">Settings as <c>--Section:Key=value</c>; they win over environment and files.</param>
    /// <exception cref="RefusedToRunException">Settings are wrong or missing, or parts of the product do not fit together.</exception>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var modules = Modules();
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        builder.AddKernelWeb();
        foreach (var module in modules)
            module.AddServices(builder);
        builder.AddRabbitMq();
        builder.AddDocumentEngine();
        builder.AddObservability();
        configure?.Invoke(builder);

        var app = builder.Build();
        RefusedToRunException.ThrowIfAny(app.Services.SettingsProblems());
        app.UseKernelWeb(modules, docs => docs.UseSwaggerUI(ui =>
        {
            ui.RoutePrefix = "docs";
            ui.DocumentTitle = "Modular API";
            ui.SwaggerEndpoint("/openapi/v1.json", "Modular v1");
        }));
        RefusedToRunException.ThrowIfAny(Wiring.Problems(app.Services, ((IEndpointRouteBuilder)app).DataSources, modules));
        return app;
    }
}
