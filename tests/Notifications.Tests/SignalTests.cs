using System.Text.Json;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Modular.Kernel.Messaging.Signals;
using Modular.Notifications.Frames;
using Modular.Testing;

namespace Modular.Notifications.Tests;

public sealed class SignalTests
{
    private const string Name = "test/a";

    [Fact]
    public async Task A_signal_is_shown_to_those_who_follow_its_stream_and_to_nobody_else()
    {
        await using var server = await LiveServer.StartAsync();
        await using var client = await server.ConnectAsync();
        await using var other = await server.ConnectAsync();
        await client.SubscribeAsync(Name);
        await client.SubscribeAsync("test/b");
        await other.SubscribeAsync("test/b");

        Send(server, Name, "typing", """{ "who" : "Änn" }""");
        Send(server, "test/b", "typing");

        await Eventually.Is(() => client.Calls("signal").Count == 2 && other.Calls("signal").Count == 1);
        Assert.Contains("""["test/a","typing",{ "who" : "Änn" }]""", client.Calls("signal").Select(s => s.GetRawText()));
        Assert.Contains("""["test/b","typing",{}]""", client.Calls("signal").Select(s => s.GetRawText()));
        Assert.Equal("""["test/b","typing",{}]""", other.Calls("signal").Single().GetRawText());
    }

    [Fact]
    public async Task A_signal_that_nobody_follows_leaves_nothing_behind()
    {
        await using var server = await LiveServer.StartAsync();
        await using var client = await server.ConnectAsync();
        Send(server, Name, "typing");
        Assert.Empty(server.Streams.Followed);
        await client.SubscribeAsync(Name);
        await client.UnsubscribeAsync(Name);
        Send(server, Name, "to nobody");

        await client.SubscribeAsync(Name);
        Send(server, Name, "to somebody");

        await Eventually.Is(() => client.Calls("signal").Count == 1);
        Assert.Equal("to somebody", client.Calls("signal")[0][1].GetString());
    }

    [Fact]
    public async Task No_signal_comes_before_the_answer_to_subscribe()
    {
        var answers = new LateAnswers();
        await using var server = await LiveServer.StartAsync(configure: s => s.Configure<HubOptions>(o => o.AddFilter(answers)));
        await using var client = await server.ConnectAsync();
        var answering = client.SubscribeAsync(Name);
        await answers.Decided;
        Send(server, Name, "early");
        await Task.WhenAny(Eventually.Is(() => client.Wire.Count > 0, TimeSpan.FromMilliseconds(200)));
        Assert.Empty(client.Wire);

        answers.Write();
        await answering;
        Send(server, Name, "late");

        await Eventually.Is(() => client.Calls("signal").Any(s => s[1].GetString() == "late"));
        Assert.Equal(3, client.Wire[0].GetProperty("type").GetInt32());
    }

    [Fact]
    public async Task A_reader_that_is_behind_gets_the_last_few_between_its_frames_and_all_events()
    {
        await using var server = await LiveServer.StartAsync(manualTime: true);
        using var slow = await StoppedReader.FollowAsync(server, Name);

        for (var i = 0; i < 100; i++)
            Send(server, Name, i.ToString());

        var read = await slow.ReadUntilAsync(StoppedReader.Events);
        Assert.Equal(Enumerable.Range(84, 16).Select(i => i.ToString()), read.Where(m => Target(m) == "signal").Select(m => m.GetProperty("arguments")[1].GetString()));
        Assert.NotEqual("signal", Target(read[^1]));
    }

    [Fact]
    public async Task Nothing_of_a_stream_comes_after_it_is_closed()
    {
        await using var server = await LiveServer.StartAsync(manualTime: true);
        using var slow = await StoppedReader.FollowAsync(server, Name);

        server.Sockets.All.Single().Find(Name)!.Finish(new ClosedFrame(Name, "members-only", "Only members may read this."));
        Send(server, Name, "too late");

        Assert.DoesNotContain(await slow.ReadUntilCallAsync("closed"), m => Target(m) == "signal");
        await slow.SubscribeAsync("test/b", "2");
        Assert.Single(await slow.ReadUntilAnswerAsync("2"));
        Send(server, "test/b", "the end");
        Assert.Equal("the end", Assert.Single(await slow.ReadUntilCallAsync("signal")).GetProperty("arguments")[1].GetString());
    }

    private static void Send(LiveServer server, string stream, string type, string data = "{}") =>
        server.Sink.Signal(new SignalMessage(stream, type, System.Text.Encoding.UTF8.GetBytes(data)));

    private static string? Target(JsonElement message) => message.TryGetProperty("target", out var target) ? target.GetString() : null;
}
