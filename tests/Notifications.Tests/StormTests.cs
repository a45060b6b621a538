using System.Text.Json;
using Modular.Kernel.Messaging;
using Modular.Testing;

namespace Modular.Notifications.Tests;

public sealed class StormTests
{
    private const string Name = "test/storm";

    [Fact]
    public async Task Three_hundred_subscribes_in_a_storm_miss_nothing_double_nothing_and_see_nothing_before_the_answer()
    {
        await using var server = await LiveServer.StartAsync();
        server.Log.Append(Name, 50);
        using var end = new CancellationTokenSource();
        var storm = Task.Run(() => Storm(server, end.Token));
        var clients = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => server.ConnectAsync()));
        try
        {
            await Task.WhenAll(clients.Select(SubscribeTenTimesAsync));
            await end.CancelAsync();
            await storm;

            // The last word over the whole stream: every client has come to the head.
            var head = (await server.Log.ReadAsync(Name, 0, 1, CancellationToken.None)).Head;
            foreach (var client in clients)
                await Eventually.Is(() => Last(client) == head, TimeSpan.FromMinutes(2), $"a client came to {head}");
            foreach (var client in clients)
                AssertEachOnceInOrder(client, head);
            Assert.Empty(server.Errors.Lines);
        }
        finally
        {
            foreach (var client in clients)
                await client.DisposeAsync();
        }
    }

    /// <summary>Singles, batches, swapped, doubled and left out: whatever a broker can do, with the log as the truth.</summary>
    private static void Storm(LiveServer server, CancellationToken end)
    {
        var random = new Random(7);
        while (!end.IsCancellationRequested)
        {
            var events = server.Log.Append(Name, random.Next(1, 8)).ToList();
            if (random.Next(20) == 0)
                events.RemoveAt(random.Next(events.Count));
            if (random.Next(10) == 0)
                events.Reverse();
            if (random.Next(10) == 0)
                events.AddRange(events.ToArray());
            server.Sink.Deliver(events);
            Thread.SpinWait(20_000);
        }
    }

    private static async Task SubscribeTenTimesAsync(HubClient client, int index)
    {
        for (var i = 0; i < 10; i++)
        {
            long? after = i % 2 == 0 ? null : Last(client);
            var answer = await client.SubscribeAsync(Name, after);
            Assert.True(answer.Recovered);
            if (after is not null)
                Assert.Equal(after + 1, answer.Numbers is [var first, ..] ? first : answer.Head + 1);
        }
    }

    private static long Last(HubClient client) => Passages(client)[^1].Last();

    /// <summary>For each answer: its start, then all numbers up to the next answer, as the wire had them.</summary>
    private static List<List<long>> Passages(HubClient client)
    {
        var passages = new List<List<long>>();
        foreach (var message in client.Wire)
        {
            if (message.GetProperty("type").GetInt32() == 3)
            {
                var result = message.GetProperty("result");
                var events = Numbers(result.GetProperty("events"));
                passages.Add(events is [] ? [result.GetProperty("head").GetInt64()] : [events[0] - 1, .. events]);
            }
            else if (message.GetProperty("target").GetString() == "events")
            {
                Assert.True(passages.Count > 0, "Events came before the first answer.");
                passages[^1].AddRange(Numbers(message.GetProperty("arguments")[1]));
            }
            else
            {
                Assert.Equal("heads", message.GetProperty("target").GetString());
            }
        }

        return passages;
    }

    private static List<long> Numbers(JsonElement events) => [.. events.EnumerateArray().Select(e => e.GetProperty("seq").GetInt64())];

    private static void AssertEachOnceInOrder(HubClient client, long head)
    {
        var passages = Passages(client);
        Assert.Equal(10, passages.Count);
        foreach (var passage in passages)
            Assert.Equal(Enumerable.Range((int)passage[0], passage.Count).Select(n => (long)n), passage);
        Assert.Equal(head, passages[^1][^1]);
    }
}
