using System.CommandLine;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Modular.Bench.Measuring;
using Modular.Bench.Plain;
using Modular.Host;
using Modular.Kernel.Documents;
using Modular.Kernel.Modules;
using Modular.Kernel.Web;

namespace Modular.Bench.Http;

/// <summary>
/// The product's host in a process of its own. With <c>plain</c> the questions module is given sessions that commit one
/// transaction a request; everything else, endpoint to dispatch, is the product. A line on its input is answered with its gauges on its error output.
/// </summary>
internal static class BenchHost
{
    public static Command Command()
    {
        var way = new Argument<string>("way");
        var command = new Command("serve", "Serve the product, committing its way or the plain one.") { Hidden = true, Arguments = { way } };
        command.SetAction((parsed, ct) => ServeAsync(parsed.GetRequiredValue(way), ct));
        return command;
    }

    private static async Task ServeAsync(string way, CancellationToken ct)
    {
        using var batches = new BatchCount("questions");
        await using var app = ModularHost.Build([], way == Ways.Plain ? CommitPlainly : null);
        await app.StartAsync(ct);
        await Task.Run(() => AnswerGaugesAsync(batches), ct);
        await app.StopAsync(ct);
    }

    /// <summary>Until the input ends, which is also how the host is told to stop.</summary>
    private static async Task AnswerGaugesAsync(BatchCount batches)
    {
        while (await Console.In.ReadLineAsync() is not null)
        {
            var (sessions, commits) = batches.Now;
            await Console.Error.WriteLineAsync(JsonSerializer.Serialize(
                new Gauges(0, sessions, commits, Environment.CpuUsage.TotalTime.TotalSeconds, null, null, GC.GetTotalAllocatedBytes())));
        }
    }

    private static void CommitPlainly(WebApplicationBuilder host)
    {
        host.Services.AddSingleton(services =>
        {
            var stores = services.GetRequiredService<StoreSet>();
            var store = stores["questions"];
            var connection = host.Configuration["Database:ConnectionString"]!;
            return new PlainCommit(store.Module, connection, rows => stores.Committed!(store, rows)) { Owner = store.Owner.Id };
        });
        host.Services.Replace(ServiceDescriptor.Scoped<IDocumentSession>(services =>
        {
            var store = services.GetRequiredService<StoreSet>()[services.GetRequiredService<ModuleScope>().Module!];
            var requestId = services.GetRequiredService<RequestScope>().RequestId;
            return store.Module == "questions" ? new PlainSession(store, services.GetRequiredService<PlainCommit>(), requestId) : store.OpenSession(requestId);
        }));
    }
}
