using System.Text.Json;
using Modular.Testing;

namespace Modular.Notifications.Tests;

/// <summary>A right is lost while much waits for a client that does not read: one frame is in flight, the rest must never come.</summary>
public sealed class LostRightTests
{
    private const string Name = "test/a";
    private const string Other = "test/b";

    [Fact]
    public async Task What_was_in_flight_comes_then_closed_and_nothing_of_the_stream_any_more()
    {
        await using var server = await LiveServer.StartAsync(manualTime: true);
        using var slow = await StoppedReader.FollowAsync(server, Name);
        var written = Cursor(server, Name);
        await LoseAsync(server, Name);
        server.Happen(Name, 10);

        var read = await slow.ReadUntilCallAsync("closed");

        Assert.Equal($$"""["{{Name}}","members-only","Only members may read this."]""", read[^1].GetProperty("arguments").GetRawText());
        var frames = read.SkipLast(1).ToList();
        AssertGapless(frames);
        Assert.True(frames[^1].Numbers()[0] <= written + 1, "More came than the frame that was in flight.");
        await NothingComesAsync(server, slow);
    }

    [Fact]
    public async Task A_page_of_the_log_that_is_being_read_for_it_is_not_waited_for_and_not_sent()
    {
        await using var server = await LiveServer.StartAsync(manualTime: true);
        using var slow = await StoppedReader.FollowAsync(server, Name);
        var held = server.Log.Held = new TaskCompletionSource();
        await slow.ReadUntilAsync(Cursor(server, Name) + 1);
        await Eventually.Is(() => server.Log.Waiting == 1);

        await LoseAsync(server, Name);
        var read = await slow.ReadUntilAsync(m => m.Calls("closed"));
        Assert.Single(read);
        server.Log.Held = null;
        held.SetResult();

        await Eventually.Is(() => server.Log.Waiting == 0);
        await NothingComesAsync(server, slow);
    }

    [Theory]
    [InlineData(Name, Other)]
    [InlineData(Other, Name)]
    public async Task Of_several_streams_the_lost_one_ends_and_the_others_come_to_their_end(string lost, string kept)
    {
        await using var server = await LiveServer.StartAsync(manualTime: true);
        using var slow = await StoppedReader.FollowAsync(server, kept, lost);
        var written = Cursor(server, lost);
        await LoseAsync(server, lost);

        var read = await slow.ReadUntilAsync(StoppedReader.Events);

        AssertGapless(read.Where(m => m.Calls("events", kept)));
        var ofLost = read.FindAll(m => m.Calls("events", lost) || m.Calls("closed", lost));
        Assert.True(ofLost[^1].Calls("closed"));
        AssertGapless(ofLost.SkipLast(1));
        if (ofLost is [.., var inFlight, _])
            Assert.True(inFlight.Numbers()[0] <= written + 1, "More came than the frame that was in flight.");
    }

    [Fact]
    public async Task Of_several_streams_a_page_that_waits_for_the_frame_of_another_is_not_sent()
    {
        await using var server = await LiveServer.StartAsync(manualTime: true);
        using var slow = await StoppedReader.FollowAsync(server, Name, Other);
        var subscriptions = server.Sockets.All.Single().Subscriptions;
        while (!subscriptions.Any(s => s.Page is not null))
        {
            await slow.ReadUntilAsync(m => m.Calls("events"));
            await Flood.IsStuckAsync(server);
        }

        var lost = subscriptions.First(s => s.Page is not null);
        var written = lost.Cursor;
        await LoseAsync(server, lost.Stream.Name);
        var read = await slow.ReadUntilCallAsync("closed");

        Assert.DoesNotContain(read, m => m.Reaches(lost.Stream.Name, written + 1));
        await NothingComesAsync(server, slow, lost.Stream.Name, then: "test/c");
    }

    [Fact]
    public async Task An_ended_session_is_cut_also_while_a_frame_waits()
    {
        await using var server = await LiveServer.StartAsync(manualTime: true);
        var ann = Guid.NewGuid();
        using var slow = await StoppedReader.FollowAsync(server, ann, Name);
        server.Log.Ended[ann] = true;

        server.Clock!.Advance(TimeSpan.FromSeconds(5));

        await server.NothingIsLeftAsync();
        Assert.Empty(server.Errors.Lines);
    }

    private static long Cursor(LiveServer server, string stream) => server.Sockets.All.Single().Find(stream)!.Cursor;

    /// <summary>The tick has seen it; the frame in flight still waits, and its client is not late enough to be cut.</summary>
    private static async Task LoseAsync(LiveServer server, string stream)
    {
        server.Log.Denied[(stream, Guid.Empty)] = true;
        server.Clock!.Advance(TimeSpan.FromSeconds(5));
        await Eventually.Is(() => server.Sockets.All.Single().Find(stream)?.Last is not null || server.Sockets.All.Single().Find(stream) is null);
    }

    private static async Task NothingComesAsync(LiveServer server, StoppedReader slow, string stream = Name, string then = Other)
    {
        await slow.SubscribeAsync(then, "then");
        var read = await slow.ReadUntilAnswerAsync("then");
        server.Happen(stream);
        server.Happen(then);
        read.AddRange(await slow.ReadUntilAsync(m => m.Reaches(then, 1)));
        Assert.DoesNotContain(read, m => m.Calls("events", stream) || m.Calls("closed", stream));
    }

    private static void AssertGapless(IEnumerable<JsonElement> frames)
    {
        var numbers = frames.SelectMany(m => m.Numbers()).ToList();
        Assert.Equal(Enumerable.Range(1, numbers.Count).Select(n => (long)n), numbers);
    }
}
