using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Modular.Kernel.Documents;
using Modular.Questions.Contracts;
using Modular.Questions.Voting;
using Modular.Testing;

namespace Modular.Questions.Tests;

public sealed class CommitTests(RunningProduct running) : IClassFixture<RunningProduct>
{
    private Product Product => running.Product;

    [Fact]
    public async Task Asking_in_a_known_room_reads_nothing_from_the_database()
    {
        using var ann = Product.Somebody();
        using var commands = new Commands(Product.Database.Name);
        Product.Clock.Stop();
        try
        {
            for (var i = 0; i < 2; i++)     // the second one makes the session known, for two seconds
                (await ann.Post("/api/questions", new { body = "Known by now?" })).Must(201);
            var (asking, listing) = (ActivityTraceId.CreateRandom(), ActivityTraceId.CreateRandom());
            (await ann.Send(HttpMethod.Post, "/api/questions", new { body = "Why?" }, Traced(asking))).Must(201);
            (await ann.Get("/api/questions", Traced(listing))).Must(200);
            commands.Of(listing).ShouldContain(text => text.StartsWith("select data, version", StringComparison.Ordinal));
            commands.Of(asking).ShouldNotContain(text => text.StartsWith("select data, version", StringComparison.Ordinal));
        }
        finally
        {
            Product.Clock.GoOn();
        }
    }

    /// <summary>On a quick machine few queue up, so it is tried until some do; where one stood in another's way, none ever would share.</summary>
    [Fact]
    public async Task Questions_asked_at_once_in_one_room_share_commits()
    {
        var people = Enumerable.Range(0, 32).Select(_ => Product.Somebody()).ToArray();
        await Eventually.Is(async () =>
        {
            await Task.WhenAll(people.Select(async p => (await p.Post("/api/questions", new { body = "Together?" })).Must(201)));
            return await Product.Database.ScalarAsync<long>(
                "select max(together) from (select count(*) together from questions.events where type = 'question.asked' group by xmin::text) c") >= 4;
        });
        foreach (var person in people)
            person.Dispose();
    }

    [Fact]
    public async Task A_count_that_was_old_when_a_question_was_answered_is_told_again()
    {
        using var host = Product.Somebody();
        using var bob = Product.Somebody();
        var room = (await host.Post("/api/rooms", new { title = "Town hall" })).Must(201).Id;
        var id = (await host.Post("/api/questions", new { body = "Why?", room })).Must(201).Id;
        var session = Product.Services.GetRequiredKeyedService<IDocumentStore>("questions").OpenSession();
        var loaded = (await session.LoadAsync<Question>(id, TestContext.Current.CancellationToken)).ShouldNotBeNull();
        (await bob.Put($"/api/questions/{id}/vote")).Must(200);
        await Events.UntilAsync(Product, room, e => e[^1].Type == "question.voted");

        var answered = session.Store(loaded.Answered(DateTimeOffset.UtcNow)!);
        session.Append(QuestionStream.Of(room), answered.As<QuestionAnswered>());
        session.TellVotesAgain(id);
        await session.SaveChangesAsync(TestContext.Current.CancellationToken);

        var events = await Events.UntilAsync(Product, room, e => e.Count == 4);
        events.Select(e => (e.Type, e.Json.GetProperty("votes").GetInt32())).ShouldBe(
            [("question.asked", 1), ("question.voted", 2), ("question.answered", 1), ("question.voted", 2)]);
    }

    private static (string Name, string Value) Traced(ActivityTraceId trace) => ("traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom()}-01");

    /// <summary>What is sent to one database while this lives, by the request that caused it: others work there too, by the real clock.</summary>
    private sealed class Commands : IDisposable
    {
        private readonly ActivityListener listener;
        private readonly ConcurrentBag<(ActivityTraceId Trace, string Text)> sent = [];

        public Commands(string database)
        {
            listener = new ActivityListener
            {
                ShouldListenTo = source => source.Name is "Npgsql" or "Microsoft.AspNetCore",
                Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
                ActivityStopped = activity =>
                {
                    if (activity.TagObjects.Any(t => t.Value as string == database) && activity.TagObjects.FirstOrDefault(t => t.Key is "db.query.text" or "db.statement").Value is string text)
                        sent.Add((activity.TraceId, text.TrimStart()));
                },
            };
            ActivitySource.AddActivityListener(listener);
        }

        public IEnumerable<string> Of(ActivityTraceId trace) => sent.Where(s => s.Trace == trace).Select(s => s.Text);

        public void Dispose() => listener.Dispose();
    }
}
