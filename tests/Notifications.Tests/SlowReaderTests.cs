using Modular.Testing;

namespace Modular.Notifications.Tests;

public sealed class SlowReaderTests
{
    private const string Name = "test/a";

    [Fact]
    public async Task Who_falls_behind_what_the_log_keeps_is_told_so_alone()
    {
        // A tick reads from the log too, and would wait with the others.
        await using var server = await LiveServer.StartAsync(manualTime: true);
        server.Log.Append(Name, 1_000);
        await using var client = await server.ConnectAsync();
        await using var other = await server.ConnectAsync();
        await other.SubscribeAsync(Name);

        // The answer has 101 to 400, the ring begins at 701: the page between is read, and trimmed meanwhile.
        var (answer, page) = (new TaskCompletionSource(), new TaskCompletionSource());
        server.Log.Held = answer;
        var answering = client.SubscribeAsync(Name, after: 100);
        await Eventually.Is(() => server.Log.Waiting == 1);
        server.Log.Held = page;
        answer.SetResult();
        Assert.Equal(400, (await answering).Numbers[^1]);
        await Eventually.Is(() => server.Log.Waiting == 1);
        server.Log.Trim(Name, 600);
        server.Log.Held = null;
        page.SetResult();

        await Eventually.Is(() => client.Calls("resync").Count == 1);
        server.Happen(Name);
        await Eventually.Is(() => other.Live(Name).SequenceEqual([1_001L]));
        Assert.Empty(other.Calls("resync"));
        Assert.Empty(client.Live(Name));
        Assert.Equal((true, 1_001), ((await client.SubscribeAsync(Name)).Recovered, (await client.SubscribeAsync(Name)).Head));
    }

    [Fact]
    public async Task A_subscription_is_replaced_when_the_frame_it_is_sending_has_gone()
    {
        await using var server = await LiveServer.StartAsync(manualTime: true);
        using var slow = await StoppedReader.FollowAsync(server, Name);
        var connection = server.Sockets.All.Single();

        await slow.SubscribeAsync(Name, "2");
        await Eventually.Is(() => connection.Subscriptions is []);
        await Task.WhenAny(Eventually.Is(() => connection.Subscriptions is not [], TimeSpan.FromMilliseconds(200)));
        Assert.Empty(connection.Subscriptions);

        var before = await slow.ReadUntilAnswerAsync("2");
        server.Happen(Name);
        var after = await slow.ReadUntilAsync(StoppedReader.Events + 1);
        Assert.All(before.SkipLast(1), m => Assert.Equal("events", m.GetProperty("target").GetString()));
        Assert.Equal(StoppedReader.Events, before[^1].GetProperty("result").GetProperty("head").GetInt64());
        Assert.Equal(StoppedReader.Events + 1, Assert.Single(after).GetProperty("arguments")[1][0].GetProperty("seq").GetInt64());
    }

    [Fact]
    public async Task Stopping_a_subscription_waits_for_its_frame_and_for_nothing_else()
    {
        await using var server = await LiveServer.StartAsync();
        await using var client = await server.ConnectAsync();
        await client.SubscribeAsync(Name);
        var subscription = server.Sockets.All.Single().Find(Name)!;
        await Eventually.Is(subscription.TryEnter);

        var stopping = subscription.StopAsync();

        Assert.False(stopping.IsCompleted);
        Assert.False(subscription.TryEnter());
        subscription.Leave();
        await stopping.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.True(subscription.StopAsync().IsCompleted);
    }
}
