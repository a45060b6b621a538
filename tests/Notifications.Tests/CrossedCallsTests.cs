using System.Text.Json;
using Modular.Testing;
using static Modular.Notifications.Tests.HubCalls;

namespace Modular.Notifications.Tests;

/// <summary>Calls that follow each other before the first is answered.</summary>
public sealed class CrossedCallsTests : IAsyncLifetime
{
    private const string Name = "test/a";
    private LiveServer server = null!;
    private RawSocket client = null!;

    public async ValueTask InitializeAsync()
    {
        server = await LiveServer.StartAsync(manualTime: true);
        server.Log.Append(Name, 5);
        client = await RawSocket.ConnectAsync(server.Address);
    }

    [Fact]
    public async Task Of_two_subscribes_each_is_answered_in_turn_and_only_the_second_goes_on()
    {
        await SendWhileTheLogIsReadAsync(Subscribe("1", Name, after: 2), Subscribe("2", Name, after: 4));

        var first = await client.ReadUntilAsync(m => m.Answers("2"));
        server.Happen(Name);
        var second = await client.ReadUntilAsync(m => m.Reaches(Name, 9));

        Assert.True(first[0].Answers("1"));
        var told = Numbers(first.SkipLast(1));
        Assert.Equal(Enumerable.Range(3, told.Count).Select(n => (long)n), told);
        Assert.Equal([5, 6, 7, 8, 9], Numbers([first[^1], .. second]));
        Assert.Single(server.Sockets.All.Single().Subscriptions);
    }

    [Fact]
    public async Task An_unsubscribe_behind_a_subscribe_that_is_not_answered_yet_leaves_nothing()
    {
        await SendWhileTheLogIsReadAsync(Subscribe("1", Name), Unsubscribe("2", Name));

        var read = await client.ReadUntilAsync(m => m.Answers("2"));

        Assert.True(read[0].Answers("1"));
        await NothingComesAsync();
    }

    [Fact]
    public async Task An_unsubscribe_behind_another_subscribe_ends_it_and_not_the_other_stream()
    {
        await SendWhileTheLogIsReadAsync(
            Subscribe("1", Name), Subscribe("2", "test/c"), Unsubscribe("3", Name), Subscribe("4", Name, after: 0), Unsubscribe("5", Name));

        var read = await client.ReadUntilAsync(m => m.Answers("5"));
        server.Happen("test/c");
        await client.ReadUntilAsync(m => m.Reaches("test/c", 1));

        Assert.Equal(["1", "2", "3", "4", "5"], read.Where(m => m.TryGetProperty("invocationId", out _)).Select(m => m.GetProperty("invocationId").GetString()));
        await NothingComesAsync();
    }

    [Theory]
    [InlineData("test/never")]
    [InlineData("other/never")]
    [InlineData("not a stream")]
    [InlineData("")]
    [InlineData(null)]
    public async Task To_leave_what_was_never_followed_is_no_error_and_changes_nothing(string? stream)
    {
        await client.SendAsync(Subscribe("1", Name));
        await client.SendAsync(Unsubscribe("2", stream));

        var read = await client.ReadUntilAsync(m => m.Answers("2"));
        server.Happen(Name);

        Assert.False(read[^1].TryGetProperty("error", out _));
        await client.ReadUntilAsync(m => m.Reaches(Name, 6));
    }

    [Fact]
    public async Task An_unsubscribe_while_a_frame_is_written_is_answered_behind_it_and_ends_the_stream()
    {
        using var slow = await StoppedReader.FollowAsync(server, "test/big");
        await slow.SendAsync(Unsubscribe("2", "test/big"));
        await Eventually.Is(() => server.Sockets.All.All(c => c.Find("test/big") is null));
        server.Happen("test/big", 3);

        var before = await slow.ReadUntilAsync(m => m.Answers("2"));
        await slow.SendAsync(Subscribe("3", "test/b"));
        await slow.ReadUntilAsync(m => m.Answers("3"));
        server.Happen("test/big");
        server.Happen("test/b");
        var after = await slow.ReadUntilAsync(m => m.Reaches("test/b", 1));

        var told = Numbers(before.SkipLast(1));
        Assert.Equal(Enumerable.Range(1, told.Count).Select(n => (long)n), told);
        Assert.InRange(told.Count, 1, StoppedReader.Events - 1);
        Assert.DoesNotContain(after, m => m.Calls("events", "test/big"));
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await server.DisposeAsync();
    }

    /// <summary>The first call waits for the log, the others behind it; meanwhile three events happen.</summary>
    private async Task SendWhileTheLogIsReadAsync(params string[] calls)
    {
        var held = server.Log.Held = new TaskCompletionSource();
        await client.SendBytesAsync(Together(calls));
        await Eventually.Is(() => server.Log.Waiting == 1);
        server.Happen(Name, 3);
        server.Log.Held = null;
        held.SetResult();
    }

    /// <summary>Of <see cref="Name"/>, though it goes on: another stream's event, which happens later, is what comes.</summary>
    private async Task NothingComesAsync()
    {
        await client.SendAsync(Subscribe("last", "test/b"));
        await client.ReadUntilAsync(m => m.Answers("last"));
        server.Happen(Name);
        server.Happen("test/b");
        Assert.Single(await client.ReadUntilAsync(m => m.Reaches("test/b", 1)));
        Assert.Null(server.Sockets.All.Single().Find(Name));
        client.Dispose();
        await server.NothingIsLeftAsync();
        Assert.Empty(server.Errors.Lines);
    }

    private static List<long> Numbers(IEnumerable<JsonElement> messages) => [.. messages.SelectMany(m => m.Numbers())];
}
