using System.Text.Json;
using Modular.Cluster.Tests.Api;
using Modular.Testing;

namespace Modular.Cluster.Tests.Decisions;

/// <summary>Every operation of the API, asked by every kind of person.</summary>
public sealed class DecisionTests(World world) : IClassFixture<World>
{
    [Fact]
    public void Every_operation_is_decided() => Table.Mismatches(world.Operations).ShouldBeEmpty();

    [Fact]
    public void An_operation_that_nobody_has_decided_is_noticed()
    {
        var canary = Operation.AllOf(JsonElement.Parse("""{ "paths": { "/api/canary": { "post": { "parameters": [] } } } }"""));
        Table.Mismatches([.. world.Operations, .. canary]).ShouldContain("nobody has decided who may POST /api/canary");
        Table.Mismatches(world.Operations.Where(o => o.Path != "/version")).ShouldContain("GET /version is decided and not in the API");
    }

    [Fact]
    public async Task Everybody_is_answered_as_decided()
    {
        List<string> complaints = [];
        foreach (var decision in Table.All)
            complaints.AddRange(await ComplaintsAsync(decision));
        complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_wrong_decision_is_noticed_for_each_person_it_is_wrong_for()
    {
        (await ComplaintsAsync(Decision.Hosts("GET /api/rooms/{idOrCode}"))).Count.ShouldBe(6);
        (await ComplaintsAsync(Decision.Anyone("POST /api/rooms/{idOrCode}/pause"))).Count.ShouldBe(6);
        (await ComplaintsAsync(Decision.SignedIn("GET /api/users/me").But(404, Asker.Admin))).ShouldHaveSingleItem().ShouldStartWith("GET /api/users/me as Admin: 200 instead of 404");
    }

    private async Task<List<string>> ComplaintsAsync(Decision decision)
    {
        var operation = world.Operations.Single(o => o.Key == decision.Key);
        var example = Examples.For(operation);
        List<string> complaints = [];
        foreach (var asker in Enum.GetValues<Asker>())
        {
            // What was asked before may have used up or ended what the example names.
            if (operation.Verb != "GET" && world.HasChanged)
                await world.InitializeRoomAsync();
            var path = await example.Path(world) + example.Query?.Invoke(world);
            var body = example.Body is null ? null : JsonSerializer.Serialize(example.Body(world));
            var answer = await world.SendAsync(World.Request(operation.Verb, path, body), await world.TokenOfAsync(asker));
            if (decision.Complaint(asker, answer.Status, answer.Text) is { } complaint)
                complaints.Add(complaint);
        }

        return complaints;
    }
}
