using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Modular.Testing;

namespace Modular.Notifications.Tests;

public sealed class SubscribeTests
{
    private const string Name = "test/a";

    [Fact]
    public async Task Without_a_number_it_begins_at_the_head_and_goes_on_live()
    {
        await using var server = await LiveServer.StartAsync();
        server.Log.Append(Name, 5);
        await using var client = await server.ConnectAsync();

        var answer = await client.SubscribeAsync(Name);
        server.Happen(Name, 2);

        Assert.Equal((Name, "e1", 5, true, 0), (answer.Stream, answer.Epoch, answer.Head, answer.Recovered, answer.Events.Count));
        await Eventually.Is(() => client.Live(Name).SequenceEqual([6L, 7L]));
        var shown = client.Calls("events")[0][1][0];
        Assert.Equal("""{"seq":6,"type":"thing.happened","at":"2026-01-01T12:00:00Z","data":{"text":"a"}}""", shown.GetRawText());
    }

    [Fact]
    public async Task After_a_number_the_answer_brings_three_hundred_and_the_rest_follows()
    {
        await using var server = await LiveServer.StartAsync();
        server.Log.Append(Name, 1_000);
        await using var client = await server.ConnectAsync();

        var answer = await client.SubscribeAsync(Name, after: 100);

        Assert.True(answer.Recovered);
        Assert.Equal(1_000, answer.Head);
        Assert.Equal(Numbers(101, 400), answer.Numbers);
        await Eventually.Is(() => client.Live(Name).SequenceEqual(Numbers(401, 1_000)));
    }

    [Fact]
    public async Task Where_events_are_big_the_answer_brings_fewer_and_the_rest_follows_too()
    {
        await using var server = await LiveServer.StartAsync();
        server.Log.Append(Name, 1_000);
        server.Log.MostAPage = 40;
        await using var client = await server.ConnectAsync();

        var answer = await client.SubscribeAsync(Name, after: 100);

        Assert.Equal((true, 1_000), (answer.Recovered, answer.Head));
        Assert.Equal(Numbers(101, 140), answer.Numbers);
        await Eventually.Is(() => client.Live(Name).SequenceEqual(Numbers(141, 1_000)));
    }

    [Fact]
    public async Task What_the_ring_holds_costs_no_query()
    {
        await using var server = await LiveServer.StartAsync(manualTime: true);      // or a tick would read the heads meanwhile
        server.Log.Append(Name, 500);
        await using var first = await server.ConnectAsync();
        await first.SubscribeAsync(Name);
        var reads = server.Log.Reads;
        await using var client = await server.ConnectAsync();

        var answer = await client.SubscribeAsync(Name, after: 250, epoch: "e1");

        Assert.Equal(Numbers(251, 500), answer.Numbers);
        Assert.Equal(reads, server.Log.Reads);
    }

    [Theory]
    [InlineData(2, "e1")]       // trimmed
    [InlineData(9, "e1")]       // beyond the log's head
    [InlineData(7, "e0")]       // another epoch
    public async Task What_cannot_be_continued_says_so(long after, string epoch)
    {
        await using var server = await LiveServer.StartAsync();
        server.Log.Append(Name, 8);
        server.Log.Trim(Name, 4);
        await using var client = await server.ConnectAsync();

        var answer = await client.SubscribeAsync(Name, after, epoch);
        server.Happen(Name);

        Assert.Equal((false, 8, 0), (answer.Recovered, answer.Head, answer.Events.Count));
        await Eventually.Is(() => client.Live(Name).SequenceEqual([9L]));
    }

    [Fact]
    public async Task A_number_beyond_what_this_replica_has_seen_asks_the_log()
    {
        await using var server = await LiveServer.StartAsync();
        await using var other = await server.ConnectAsync();
        await other.SubscribeAsync(Name);
        server.Log.Append(Name, 3);                          // committed elsewhere, not delivered here yet
        await using var client = await server.ConnectAsync();

        var answer = await client.SubscribeAsync(Name, after: 2);

        Assert.True(answer.Recovered);
        Assert.Equal([3], answer.Numbers);
        await Eventually.Is(() => other.Live(Name).SequenceEqual([1L, 2L, 3L]));
        Assert.Empty(client.Live(Name));
    }

    [Fact]
    public async Task A_client_that_is_ahead_of_this_replica_is_not_lost_and_gets_nothing_twice()
    {
        await using var server = await LiveServer.StartAsync();
        await using var other = await server.ConnectAsync();
        await other.SubscribeAsync(Name);
        var late = server.Log.Append(Name, 3);               // seen elsewhere, on its way here
        await using var client = await server.ConnectAsync();

        var answer = await client.SubscribeAsync(Name, after: 3, epoch: "e1");
        server.Sink.Deliver(late);
        server.Happen(Name);

        Assert.Equal((true, 3, 0), (answer.Recovered, answer.Head, answer.Events.Count));
        await Eventually.Is(() => other.Live(Name).SequenceEqual([1L, 2L, 3L, 4L]));
        await Eventually.Is(() => client.Live(Name).SequenceEqual([4L]));
    }

    [Fact]
    public async Task A_second_subscribe_replaces_the_first()
    {
        await using var server = await LiveServer.StartAsync();
        server.Log.Append(Name, 5);
        await using var client = await server.ConnectAsync();
        await client.SubscribeAsync(Name);

        var again = await client.SubscribeAsync(Name, after: 3);
        server.Happen(Name);

        Assert.Equal([4, 5], again.Numbers);
        await Eventually.Is(() => client.Live(Name).SequenceEqual([6L]));
    }

    [Fact]
    public async Task After_unsubscribe_nothing_comes()
    {
        await using var server = await LiveServer.StartAsync();
        await using var client = await server.ConnectAsync();
        await client.SubscribeAsync(Name);
        await client.SubscribeAsync("test/b");
        await client.UnsubscribeAsync(Name);

        server.Happen(Name);
        server.Happen("test/b");

        await Eventually.Is(() => client.Live("test/b").Count == 1);
        Assert.Empty(client.Live(Name));
    }

    [Theory]
    [InlineData("nothing", null, "stream-invalid: ")]
    [InlineData("other/a", null, "stream-not-found: ")]
    [InlineData(Name, -1L, "after-invalid: ")]
    [InlineData(null, null, "stream-invalid: ")]
    public async Task A_refusal_is_a_code_and_a_sentence(string? stream, long? after, string code)
    {
        await using var server = await LiveServer.StartAsync();
        await using var client = await server.ConnectAsync();

        var refused = await Assert.ThrowsAsync<HubException>(() => client.SubscribeAsync(stream!, after));

        Assert.Contains(code, refused.Message);
        Assert.Empty(server.Streams.Followed);
        Assert.Empty(server.Errors.Lines);
    }

    [Fact]
    public async Task The_database_being_away_is_an_error_that_can_be_tried_again()
    {
        await using var server = await LiveServer.StartAsync();
        await using var client = await server.ConnectAsync();
        server.Log.Away = true;
        var refused = await Assert.ThrowsAsync<HubException>(() => client.SubscribeAsync(Name));
        Assert.Contains("unavailable: ", refused.Message);
        Assert.DoesNotContain("database", refused.Message);

        server.Log.Away = false;
        Assert.True((await client.SubscribeAsync(Name)).Recovered);
        server.Happen(Name);
        await Eventually.Is(() => client.Live(Name).Count == 1);
    }

    [Fact]
    public async Task A_connection_has_at_most_128_subscriptions_and_may_replace_one_of_them()
    {
        await using var server = await LiveServer.StartAsync(manualTime: true);
        await using var client = await server.ConnectAsync();
        for (var i = 0; i < 128; i++)
        {
            await client.SubscribeAsync($"test/{i}");
            server.Clock!.Advance(TimeSpan.FromMilliseconds(50));
        }

        var refused = await Assert.ThrowsAsync<HubException>(() => client.SubscribeAsync("test/one-more"));

        Assert.Contains("too-many-subscriptions: ", refused.Message);
        for (var i = 0; i < 128; i++)
            server.Happen($"test/{i}");
        await Eventually.Is(() => client.Calls("events").Select(e => e[0].GetString()).ToHashSet().Count == 128);
        await client.SubscribeAsync("test/7");
        await client.UnsubscribeAsync("test/8");
        await client.SubscribeAsync("test/one-more");
    }

    [Fact]
    public async Task More_than_twenty_subscribes_a_second_are_refused()
    {
        await using var server = await LiveServer.StartAsync(manualTime: true);
        await using var client = await server.ConnectAsync();
        for (var i = 0; i < 20; i++)
            await client.SubscribeAsync(Name);

        var refused = await Assert.ThrowsAsync<HubException>(() => client.SubscribeAsync(Name));

        Assert.Contains("rate-limited: ", refused.Message);
        server.Clock!.Advance(TimeSpan.FromMilliseconds(51));
        await client.SubscribeAsync(Name);
    }

    [Fact]
    public async Task Nothing_of_a_stream_comes_before_its_answer_has_been_written()
    {
        var answers = new LateAnswers();
        await using var server = await LiveServer.StartAsync(configure: s => s.Configure<HubOptions>(o => o.AddFilter(answers)));
        await using var client = await server.ConnectAsync();
        var answering = client.SubscribeAsync(Name);
        await answers.Decided;
        server.Happen(Name, 3);
        Assert.True(server.Streams.Followed.Single().Head == 3);
        await Task.WhenAny(Eventually.Is(() => client.Wire.Count > 0, TimeSpan.FromMilliseconds(200)));
        Assert.Empty(client.Wire);

        answers.Write();

        Assert.Equal(0, (await answering).Head);
        await Eventually.Is(() => client.Live(Name).SequenceEqual([1L, 2L, 3L]));
        Assert.Equal(3, client.Wire[0].GetProperty("type").GetInt32());
    }

    private static IEnumerable<long> Numbers(int first, int last) => Enumerable.Range(first, last - first + 1).Select(n => (long)n);
}
