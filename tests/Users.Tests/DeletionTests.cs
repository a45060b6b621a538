using Modular.Testing;

namespace Modular.Users.Tests;

public sealed class DeletionTests : IAsyncLifetime
{
    private Product product = null!;

    public async ValueTask InitializeAsync() => product = await Product.StartAsync();

    public ValueTask DisposeAsync() => product.DisposeAsync();

    [Fact]
    public async Task Whoever_deletes_themselves_is_gone_with_all_their_sessions()
    {
        using var ann = product.Somebody();
        var made = (await ann.Post("/api/users/guests")).Must(201);
        using var program = new Browser(product.Address, made["accessToken"].GetString());

        var deleted = (await ann.Delete("/api/users/me")).Must(204);

        deleted.Headers["Set-Cookie"].ShouldContain("expires=Thu, 01 Jan 1970");
        (await program.Get("/api/users/me")).Must(401).Problem.ShouldBe("session-ended");
        (await ann.Get("/api/users/me")).Must(401).Problem.ShouldBe("unauthenticated");
        (await ann.Post("/api/users/refresh", new { refreshToken = made["refreshToken"].GetString() })).Must(401);
        (await product.Database.ScalarAsync<long>("select (select count(*) from users.user) + (select count(*) from users.session)")).ShouldBe(0);
    }

    [Fact]
    public async Task Their_open_sockets_are_closed()
    {
        using var ann = product.Somebody();
        var made = (await ann.Post("/api/users/guests")).Must(201);
        await using var socket = await HubClient.ConnectAsync(product.Address, made["accessToken"].GetString());

        (await ann.Delete("/api/users/me")).Must(204);

        await Eventually.Is(() => socket.Closed.IsCompleted);
    }

    [Fact]
    public async Task A_late_retry_of_a_guests_write_does_not_bring_the_deleted_back()
    {
        var clientId = Guid.NewGuid().ToString();
        using var ann = product.Somebody();
        (await ann.Post("/api/questions", new { body = "Is this me?", clientId })).Must(201);
        var me = (await ann.Get("/api/users/me")).Must(200).Id;
        (await ann.Delete("/api/users/me")).Must(204);

        for (var again = 0; again < 2; again++)
        {
            using var retry = product.Somebody();
            (await retry.Post("/api/questions", new { body = "Is this me?", clientId })).Must(201);
            (await retry.Get("/api/users/me")).Must(200).Id.ShouldNotBe(me);
        }

        (await product.Database.ScalarAsync<long>($"select (select count(*) from users.user where id = '{me}') + (select count(*) from users.session where data ->> 'userId' = '{me}')"))
            .ShouldBe(0);
    }

    [Fact]
    public async Task A_minute_later_what_was_still_written_goes_too_and_a_day_later_even_the_deletion_is_forgotten()
    {
        using var ann = product.Somebody();
        var me = (await ann.Post("/api/users/guests")).Must(201)["user"].GetProperty("id").GetGuid();
        (await ann.Delete("/api/users/me")).Must(204);
        await product.Database.RunAsync($$"""
            insert into users.session(id, data, version, created_at, updated_at, expires_at)
            select i, jsonb_build_object('id', i, 'userId', '{{me}}'), 1, now(), now(), now() + interval '1 day' from gen_random_uuid() i
            """);

        product.Clock.Advance(TimeSpan.FromSeconds(61));
        await Eventually.Is(async () => await product.Database.ScalarAsync<long>("select count(*) from users.session") == 0);
        (await product.Database.ScalarAsync<long>("select count(*) from users.deletion where repeated_at is not null")).ShouldBe(1);
        product.Clock.Advance(TimeSpan.FromDays(1));
        await Eventually.Is(async () => await product.Database.ScalarAsync<long>("select count(*) from users.deletion") == 0);
    }
}
