using System.Globalization;
using System.Text.Json;
using Modular.Cluster.Tests.Api;

namespace Modular.Cluster.Tests.Fuzzing;

/// <summary>Whatever body is sent by whomever: an answer in the one shape, never an error of ours. Each run has the same bodies; <c>MODULAR_FUZZ_SEED</c> looks for others.</summary>
public sealed class FuzzTests(World world) : IClassFixture<World>
{
    private const int Rounds = 25;
    private static readonly Asker[] Senders = [Asker.Nobody, Asker.Guest, Asker.Member, Asker.Host, Asker.Admin];
    private static readonly int Seed = Environment.GetEnvironmentVariable("MODULAR_FUZZ_SEED") is { Length: > 0 } given ? int.Parse(given, CultureInfo.InvariantCulture) : 1;

    [Fact]
    public async Task Nothing_that_can_be_sent_is_an_error_of_ours()
    {
        var fuzz = new Fuzz(Seed);
        List<string> complaints = [];
        var sent = 0;
        foreach (var operation in world.Operations.Where(o => o.Sends))
        {
            foreach (var sender in Senders)
            {
                await world.InitializeRoomAsync();
                var example = Examples.For(operation);
                var path = await example.Path(world);
                var valid = example.Body is null ? [] : JsonSerializer.SerializeToElement(example.Body(world)).EnumerateObject().ToDictionary(m => m.Name, m => m.Value);
                for (var round = 0; round < (operation.Body is null ? 3 : Rounds); round++, sent++)
                    complaints.AddRange(await ComplaintsAsync(operation, sender, path, fuzz.Next(valid)));
            }
        }

        sent.ShouldBeGreaterThan(1000);
        complaints.ShouldBeEmpty($"seed {Seed}");
        world.Log.Split('\n').Where(line => line.Contains("\"level\":\"error\"", StringComparison.Ordinal)).ShouldBeEmpty($"seed {Seed}");
    }

    [Fact]
    public void A_seed_yields_the_same_bodies_again()
    {
        var (first, again, other) = (Run(1), Run(1), Run(2));
        again.ShouldBe(first);
        other.ShouldNotBe(first);

        static string Run(int seed)
        {
            var (fuzz, valid) = (new Fuzz(seed), new Dictionary<string, JsonElement> { ["body"] = JsonElement.Parse("\"Why?\"") });
            return string.Join('\n', Enumerable.Range(0, 100).Select(_ => fuzz.Next(valid).ToString()));
        }
    }

    private async Task<IEnumerable<string>> ComplaintsAsync(Operation operation, Asker sender, string path, Fuzzed fuzzed)
    {
        var request = World.Request(operation.Verb, path, json: null);
        request.Content = fuzzed.Content;
        var answer = await world.SendAsync(request, await world.TokenOfAsync(sender));
        var about = $"{operation.Key} as {sender}, {fuzzed}";
        return answer.Status >= 500 ? [$"{answer.Status} to {about}: {answer.Text}"]
            : answer.Status >= 400 ? ProblemShape.Complaints(answer).Select(complaint => $"{complaint} in the answer to {about}: {answer.Text}")
            : [];
    }
}
