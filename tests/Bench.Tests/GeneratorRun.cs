using Modular.Bench.Following;
using Modular.Bench.Generating;
using Modular.Bench.Http;

namespace Modular.Bench.Tests;

/// <summary>A server of which is known what it does wrong, and a short run of the generator against it.</summary>
internal static class GeneratorRun
{
    public const int Subscribers = 6;

    public static async Task<FaultyServer> StartedAsync(this FaultyServer server)
    {
        await server.StartAsync();
        return server;
    }

    /// <param name="patience">Only where something is lost is it waited for so long.</param>
    public static Task<LoadResult> AskAsync(
        this FaultyServer server, string protocol, string path, double? rate = 100, double seconds = 0.3, Storm? storm = null, int processes = 1, double patience = 30)
    {
        var audience = new Audience(Enum.Parse<Protocol>(protocol), server.Address.Host, server.Address.Port, path, FaultyServer.Stream, Subscribers);
        var crowd = new Crowd(["a", "b", "c", "d"], ["LOBBY"]);
        var plan = new LoadPlan(server.Address.Host, server.Address.Port, crowd.Tokens.Count, crowd, rate, audience, storm) { Patience = patience };
        return Generators.RunAsync(plan, processes, ramp: 0.1, seconds, _ => Task.CompletedTask);
    }
}
