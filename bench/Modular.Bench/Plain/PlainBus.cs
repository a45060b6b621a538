using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Modular.Kernel.Documents;
using Modular.Kernel.Documents.Commit;
using Modular.Questions.Contracts;
using Npgsql;

namespace Modular.Bench.Plain;

/// <summary>
/// How a question usually reaches the other replicas' sockets: BEGIN, the documents, COMMIT; then one awaited publish, which the broker
/// confirms; on every replica a consumer with a temporary queue of its own sends it to a SignalR group. MassTransit and SignalR are as
/// they come. It does less than the product: what crashes between commit and publish is lost, and nothing is numbered.
/// </summary>
internal sealed class PlainBus(NpgsqlDataSource source, IBus bus)
{
    public static void Use(WebApplicationBuilder host)
    {
        host.Services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.AddConsumer<NewsConsumer>().Endpoint(endpoint =>
            {
                endpoint.Temporary = true;
                endpoint.InstanceId = Guid.NewGuid().ToString("n");
            });
            bus.UsingRabbitMq((context, rabbit) =>
            {
                rabbit.Host(new Uri(host.Configuration["Bus:Url"]!));
                rabbit.ConfigureEndpoints(context);
            });
        });
        host.Services.Configure<MassTransitHostOptions>(options => options.WaitUntilStarted = true);
        host.Services.AddSingleton(services =>
            new PlainBus(PlainDocuments.Open(host.Configuration["Database:ConnectionString"]!, "questions"), services.GetRequiredService<IBus>()));
        host.Services.CommitQuestions(services => services.GetRequiredService<PlainBus>().CommitAsync);
    }

    private async Task CommitAsync(WriteSet writes, Appended appended, CancellationToken ct)
    {
        await PlainDocuments.CommitAsync(source, writes, ct);
        await bus.Publish(new QuestionNews(appended.Stream, (QuestionAsked)appended.Happened), ct);
    }
}

/// <summary>The message, as MassTransit writes it.</summary>
public sealed record QuestionNews(string Stream, QuestionAsked Question);

internal sealed class NewsConsumer(IHubContext<PlainHub> hub) : IConsumer<QuestionNews>
{
    public Task Consume(ConsumeContext<QuestionNews> context) =>
        hub.Clients.Group(context.Message.Stream).SendAsync("events", context.Message.Stream, context.Message.Question, context.CancellationToken);
}

/// <summary>Asked like the product's hub, so that the same subscriber fits both.</summary>
internal sealed class PlainHub : Hub
{
    public const string Path = "/plain";

    public Task Subscribe(string stream, long? after, string? epoch) =>
        after is null && epoch is null ? Groups.AddToGroupAsync(Context.ConnectionId, stream) : throw new HubException("The plain hub keeps nothing to go on from.");
}
