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
/// How one process usually tells its sockets: BEGIN, the documents, COMMIT, and then the hub sends it to all clients, as SignalR comes.
/// What crashes between the two is lost, nothing is numbered, and who was away a moment has missed it.
/// </summary>
internal sealed class PlainPush(NpgsqlDataSource source, IHubContext<PlainHub> hub)
{
    public static void Use(WebApplicationBuilder host)
    {
        host.Services.AddSingleton(services =>
            new PlainPush(PlainDocuments.Open(host.Configuration["Database:ConnectionString"]!, "questions"), services.GetRequiredService<IHubContext<PlainHub>>()));
        host.Services.CommitQuestions(services => services.GetRequiredService<PlainPush>().CommitAsync);
    }

    private async Task CommitAsync(WriteSet writes, Appended appended, CancellationToken ct)
    {
        await PlainDocuments.CommitAsync(source, writes, ct);
        await hub.Clients.All.SendAsync("events", appended.Stream, (QuestionAsked)appended.Happened, ct);
    }
}
