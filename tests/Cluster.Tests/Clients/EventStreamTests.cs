using Modular.Testing;

namespace Modular.Cluster.Tests.Clients;

/// <summary>Server-sent events, line by line.</summary>
[Collection<OneHost>]
public sealed class EventStreamTests(OneHost one)
{
    [Fact]
    public async Task Two_streams_come_over_one_connection_and_each_id_is_the_position_in_both()
    {
        using var room = await HostedRoom.OpenAsync(one.Address);
        await using var events = await EventStream.OpenAsync(one.Address, [room.Stream, room.Questions]);
        var begin = await events.FirstAsync("the position at the start", b => b.Id is not null);
        (events.Headers.ContentType!.MediaType, begin.Event, begin.Data).ShouldBe(("text/event-stream", null, null));
        events.Blocks.ShouldContain(b => b.Retry != null && int.Parse(b.Retry) > 0);
        Numbers(begin).ShouldBe([(room.Questions, 0), (room.Stream, 1)]);

        var question = await room.AskAsync("Why?");
        var asked = await events.FirstAsync("the question", b => b.Event == "events");
        await room.PauseAsync();
        var paused = await events.FirstAsync("the pause", b => b.Event == "events" && b.Stream == room.Stream);

        asked.Json.EnumerateObject().Select(m => m.Name).ShouldBe(["stream", "events"]);
        var happened = asked.Json.GetProperty("events").EnumerateArray().ShouldHaveSingleItem();
        happened.EnumerateObject().Select(m => m.Name).ShouldBe(["seq", "type", "at", "data"]);
        (happened.GetProperty("type").GetString(), happened.GetProperty("data").GetProperty("id").GetGuid()).ShouldBe(("question.asked", question));
        Numbers(asked).ShouldBe([(room.Questions, 1), (room.Stream, 1)]);
        Numbers(paused).ShouldBe([(room.Questions, 1), (room.Stream, 2)]);
        paused.Position.Values.ShouldAllBe(at => at.Epoch.Length > 0);
    }

    [Fact]
    public async Task Whoever_comes_back_with_an_id_gets_what_came_since_in_each_stream()
    {
        using var room = await HostedRoom.OpenAsync(one.Address);
        string id;
        await using (var before = await EventStream.OpenAsync(one.Address, [room.Stream, room.Questions]))
        {
            await room.AskAsync("Question 1?");
            id = (await before.FirstAsync("the question", b => b.Event == "events")).Id!;
        }

        await room.AskAsync("Question 2?");
        await room.PauseAsync();
        await using var after = await EventStream.OpenAsync(one.Address, [room.Stream, room.Questions], id);

        await Eventually.Is(() => after.Numbers(room.Stream).SequenceEqual([2L]) && after.Numbers(room.Questions).SequenceEqual([2L]));
        after.Blocks.ShouldAllBe(b => b.Event != "resync");
    }

    [Fact]
    public async Task An_id_without_epochs_is_one_too()
    {
        using var room = await HostedRoom.OpenAsync(one.Address);
        await room.AskAsync("Question 1?");
        await room.AskAsync("Question 2?");

        await using var after = await EventStream.OpenAsync(one.Address, [room.Questions], $"{room.Questions}@1");

        await Eventually.Is(() => after.Numbers(room.Questions).SequenceEqual([2L]));
    }

    [Fact]
    public async Task An_id_of_another_epoch_means_a_snapshot_and_what_comes_after_it_is_live()
    {
        using var room = await HostedRoom.OpenAsync(one.Address);
        await room.AskAsync("Question 1?");
        await using var events = await EventStream.OpenAsync(one.Address, [room.Questions], $"{room.Questions}@0~another");

        var resync = await events.FirstAsync("resync", b => b.Event == "resync");
        await room.AskAsync("Question 2?");

        resync.Data.ShouldBe($$"""{"stream":"{{room.Questions}}"}""");
        Numbers(resync).ShouldBe([(room.Questions, 1)]);
        await Eventually.Is(() => events.Numbers(room.Questions).Count > 0);
        events.Numbers(room.Questions).ShouldBe([2L]);
    }

    [Fact]
    public async Task A_stream_that_is_not_there_or_none_at_all_is_a_problem_and_no_stream()
    {
        using var browser = one.Somebody();
        foreach (var wrong in new[] { "questions/nowhere", "nobody/here", $"questions/{Guid.NewGuid()}" })
            (await browser.Get(EventStream.Path(wrong))).Must(404).Problem.ShouldBe("stream-not-found");
        (await browser.Get(EventStream.Path(Lobby.Stream, "questions/nowhere"))).Must(404).Problem.ShouldBe("stream-not-found");
        (await browser.Get(EventStream.Path())).Must(400).Problem.ShouldBe("stream-required");
    }

    private static IEnumerable<(string Stream, long Seq)> Numbers(Block block) =>
        block.Position.Select(p => (p.Key, p.Value.Seq)).OrderBy(p => p.Key, StringComparer.Ordinal);
}
