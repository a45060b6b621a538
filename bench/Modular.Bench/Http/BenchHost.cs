using System.CommandLine;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Modular.Bench.Measuring;
using Modular.Bench.Plain;
using Modular.Host;
using Modular.Kernel.Documents;
using Modular.Kernel.Modules;
using Modular.Kernel.Web;

namespace Modular.Bench.Http;

/// <summary>
/// The product's host in a process of its own. With <c>plain</c> the questions module is given sessions that commit one
/// transaction a request; everything else, endpoint to dispatch, is the product. With <c>plain-bus</c> they also tell other replicas the
/// plain way, and with <c>plain-push</c> their own sockets, without outbox, log and numbers. Once it listens it says where on its error output: a port that somebody else had picked for
/// it might be taken by then. A line on its input is answered there with its gauges; <c>collect</c> makes it collect its garbage first.
/// </summary>
internal static class BenchHost
{
    public const string Collect = "collect";

    public static Command Command()
    {
        var way = new Argument<string>("way");
        var command = new Command("serve", "Serve the product, committing its way or the plain one.") { Hidden = true, Arguments = { way } };
        command.SetAction((parsed, ct) => ServeAsync(parsed.GetRequiredValue(way), ct));
        return command;
    }

    private static async Task ServeAsync(string way, CancellationToken ct)
    {
        using var commits = new BatchCount("modular.commit.batch_size", "questions");
        using var messages = new BatchCount("modular.publish.batch_size", "questions");
        await using var app = ModularHost.Build([], way switch
        {
            Ways.Plain => CommitPlainly,
            Ways.PlainBus => PlainBus.Use,
            Ways.PlainPush => PlainPush.Use,
            _ => null,
        });
        if (way is Ways.PlainBus or Ways.PlainPush)
            app.MapHub<PlainHub>(PlainHub.Path).AllowAnonymous();
        await app.StartAsync(ct);
        await Console.Error.WriteLineAsync(app.Urls.Single());
        await Task.Run(() => AnswerGaugesAsync(commits, messages), ct);
        await app.StopAsync(ct);
    }

    /// <summary>Until the input ends, which is also how the host is told to stop.</summary>
    private static async Task AnswerGaugesAsync(BatchCount commits, BatchCount messages)
    {
        while (await Console.In.ReadLineAsync() is { } line)
        {
            if (line == Collect)
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            var (sessions, batches) = commits.Now;
            var (events, published) = messages.Now;
            await Console.Error.WriteLineAsync(JsonSerializer.Serialize(new HostGauges(
                sessions, batches, events, published, Environment.CpuUsage.TotalTime.TotalSeconds, Environment.WorkingSet, GC.GetTotalMemory(forceFullCollection: false), GC.GetTotalAllocatedBytes())));
        }
    }

    private static void CommitPlainly(WebApplicationBuilder host)
    {
        host.Services.AddSingleton(services =>
        {
            var stores = services.GetRequiredService<StoreSet>();
            var store = stores["questions"];
            return new PlainCommit(store, host.Configuration["Database:ConnectionString"]!, rows => stores.Committed!(store, rows)) { Owner = store.Owner.Id };
        });
        host.Services.CommitQuestions(services => services.GetRequiredService<PlainCommit>().CommitAsync);
    }
}
