using Modular.Testing;

namespace Modular.Questions.Tests;

/// <summary>With the limits of the product as they are; other tests run without them. Each person has budgets of their own, so the tests share it.</summary>
public sealed class LimitTests(LimitTests.LimitedProduct limited) : IClassFixture<LimitTests.LimitedProduct>
{
    private readonly Product product = limited.Product;

    [Fact]
    public async Task The_seventh_question_in_a_minute_is_refused_stores_nothing_and_another_person_is_free()
    {
        using var ann = product.Somebody();
        for (var left = 5; left >= 0; left--)
            Budget((await AskAsync(ann)).Must(201)).ShouldBe(("6", $"{left}"), "also the one that made Ann a guest");
        var refused = (await AskAsync(ann)).Must(429);
        refused.Problem.ShouldBe("too-many-requests");
        Budget(refused).ShouldBe(("6", "0"));
        refused.Headers["Retry-After"].ShouldBe("10");
        refused.Headers["RateLimit-Reset"].ShouldBe("60");
        (await ann.Get("/api/questions")).Must(200).Items.Count(q => q.GetProperty("mine").GetBoolean()).ShouldBe(6);

        using var bob = product.Somebody();
        (await AskAsync(bob)).Must(201);
    }

    [Fact]
    public async Task A_person_has_one_budget_for_cookie_and_token_and_retries()
    {
        using var ann = product.Somebody();
        var made = (await ann.Post("/api/users/guests")).Must(201);
        using var program = new Browser(product.Address, made["accessToken"].GetString());
        for (var n = 0; n < 3; n++)
        {
            (await AskAsync(ann)).Must(201);
            (await AskAsync(program)).Must(201);
        }

        (await AskAsync(ann)).Must(429);
        (await AskAsync(program)).Must(429);

        for (var n = 0; n < 6; n++)
            await LostCookieAsync();
        (await LostCookieAsync()).Must(429);

        async Task<Answer> LostCookieAsync()
        {
            using var again = product.Somebody();
            return await again.Post("/api/questions", new { body = "Why?", clientId = "one and the same" });
        }
    }

    [Fact]
    public async Task Voting_and_taking_votes_back_share_sixty_a_minute()
    {
        using var ann = product.Somebody();
        var vote = $"/api/questions/{(await AskAsync(ann)).Must(201).Id}/vote";
        for (var n = 0; n < 30; n++)
        {
            (await ann.Put(vote)).Must(200);
            Budget((await ann.Delete(vote)).Must(200)).ShouldBe(("60", $"{58 - 2 * n}"));
        }

        (await ann.Put(vote)).Must(429);
        (await ann.Delete(vote)).Must(429);
        (await AskAsync(ann)).Must(201);
    }

    [Fact]
    public async Task The_budget_comes_back_as_the_answer_has_promised()
    {
        using var ann = product.Somebody();
        for (var n = 0; n < 6; n++)
            (await AskAsync(ann)).Must(201);
        var wait = int.Parse((await AskAsync(ann)).Must(429).Headers["Retry-After"]);
        product.Clock.Advance(TimeSpan.FromSeconds(wait - 1));
        (await AskAsync(ann)).Must(429);
        product.Clock.Advance(TimeSpan.FromSeconds(1));
        (await AskAsync(ann)).Must(201);
        (await AskAsync(ann)).Must(429);
    }

    public sealed class LimitedProduct : IAsyncLifetime
    {
        public Product Product { get; private set; } = null!;

        /// <summary>The clock stands, or a slow machine's budgets would fill up between two requests.</summary>
        public async ValueTask InitializeAsync()
        {
            Product = await Product.StartAsync(database: null, "--Limits:Enabled=true");
            Product.Clock.Stop();
        }

        public ValueTask DisposeAsync() => Product.DisposeAsync();
    }

    private static Task<Answer> AskAsync(Browser who) => who.Post("/api/questions", new { body = "Why?" });

    private static (string Limit, string Left) Budget(Answer answer) => (answer.Headers["RateLimit-Limit"], answer.Headers["RateLimit-Remaining"]);
}
