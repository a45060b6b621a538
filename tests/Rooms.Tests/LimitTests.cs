using Modular.Testing;

namespace Modular.Rooms.Tests;

public sealed class LimitTests
{
    [Fact]
    public async Task A_person_makes_so_many_rooms_and_others_are_free_to_make_theirs()
    {
        await using var product = await Product.StartAsync(null, "--Limits:Enabled=true", "--Limits:Rooms:Permits=2");
        using var ann = product.Somebody();
        for (var room = 1; room <= 2; room++)
            (await ann.Post("/api/rooms", new { title = "Town hall" })).Must(201);
        var refused = (await ann.Post("/api/rooms", new { title = "Town hall" })).Must(429);
        refused.Problem.ShouldBe("too-many-requests");
        refused.Headers["RateLimit-Limit"].ShouldBe("2");
        int.Parse(refused.Headers["Retry-After"]).ShouldBeInRange(1, 1800);
        using var bob = product.Somebody();
        (await bob.Post("/api/rooms", new { title = "Town hall" })).Must(201);
    }
}
