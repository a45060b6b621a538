using System.Text.Json;
using Modular.Cluster.Tests.Api;

namespace Modular.Cluster.Tests.BadInput;

/// <summary>Whatever is sent to whatever endpoint: a problem as the wire describes it, and nothing stored.</summary>
public sealed class BadInputTests(World world) : IClassFixture<World>
{
    [Fact]
    public void Every_endpoint_has_an_example()
    {
        world.Operations.Count.ShouldBeGreaterThan(20);
        Examples.Mismatches(world.Operations).ShouldBeEmpty();
    }

    [Fact]
    public void An_endpoint_without_an_example_is_noticed()
    {
        var canary = Operation.AllOf(JsonElement.Parse("""{ "paths": { "/api/canary": { "post": { "parameters": [] } } } }"""));
        Examples.Mismatches([.. world.Operations, .. canary]).ShouldBe(["POST /api/canary has no row in Examples"]);
    }

    [Fact]
    public async Task Every_example_is_accepted()
    {
        foreach (var operation in world.Operations)
        {
            var example = Examples.For(operation);
            var path = await example.Path(world);
            var body = example.Body is null ? null : JsonSerializer.Serialize(example.Body(world));
            var answer = await world.SendAsync(World.Request(operation.Verb, path + example.Query?.Invoke(world), body), await world.TokenOfAsync(example.As));
            answer.Status.ShouldBeInRange(200, 204, $"{operation.Key}: {answer.Text}");
            if (operation.Path is "/api/users/logout" or "/api/rooms/{idOrCode}/close" || operation.Key is "DELETE /api/users/me" or "DELETE /api/users/me/sessions/{id}")
                await world.InitializeRoomAsync();
        }
    }

    [Fact]
    public Task No_body_where_one_is_needed() => RefusedAsync(Attempts.EmptyBody);

    [Fact]
    public Task JSON_that_is_broken_or_of_another_shape() => RefusedAsync(Attempts.BrokenJson);

    [Fact]
    public Task Text_that_is_empty() => RefusedAsync(Attempts.EmptyText);

    [Fact]
    public Task Text_that_is_too_long() => RefusedAsync(Attempts.TooLongText);

    [Fact]
    public Task Members_of_another_type() => RefusedAsync(Attempts.WrongTypes);

    [Fact]
    public Task NUL_lone_surrogates_and_bytes_that_are_no_text() => RefusedAsync(Attempts.TextThatCannotBeStored);

    [Fact]
    public Task Content_that_is_not_JSON() => RefusedAsync(Attempts.WrongContentTypes);

    [Fact]
    public Task Bodies_that_are_too_big() => RefusedAsync(Attempts.TooBigBodies);

    [Fact]
    public Task Parameters_and_cursors_that_mean_nothing() => RefusedAsync(Attempts.BadQueries);

    [Fact]
    public Task Ids_that_are_unknown_or_none() => RefusedAsync(Attempts.UnknownIds);

    [Fact]
    public Task Verbs_that_an_address_does_not_answer() => RefusedAsync(Attempts.OtherVerbsAt);

    private async Task RefusedAsync(Func<Operation, World, string, IEnumerable<Attempt>> attempts)
    {
        List<(Attempt Attempt, Asker As)> all = [];
        foreach (var operation in world.Operations)
        {
            var example = Examples.For(operation);
            var path = await example.Path(world);
            await world.TokenOfAsync(example.As);        // whoever asks is there before the rows are counted
            all.AddRange(attempts(operation, world, path).Select(attempt => (attempt, example.As)));
        }

        all.ShouldNotBeEmpty();
        var stored = await world.StoredAsync();
        List<string> complaints = [];
        foreach (var (attempt, asker) in all)
            complaints.AddRange(attempt.Complaints(await world.SendAsync(attempt.Request(), await world.TokenOfAsync(asker))));
        complaints.ShouldBeEmpty();
        (await world.StoredAsync()).ShouldBe(stored);
    }
}
