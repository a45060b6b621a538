using Microsoft.AspNetCore.SignalR;
using Modular.Testing;

namespace Modular.Users.Tests;

public sealed class PersonalStreamTests(RunningProduct running) : IClassFixture<RunningProduct>
{
    private Product Product => running.Product;

    [Fact]
    public async Task A_persons_other_devices_are_told_when_a_session_of_theirs_ends_and_nobody_else_is()
    {
        using var ann = await Product.DeviceAsync("told");
        using var phone = await Product.DeviceAsync("told");
        using var bob = await Product.DeviceAsync("untold");
        await using var mine = await Product.HubAsync(ann);
        await using var other = await Product.HubAsync(bob);
        var stream = await ann.StreamAsync();
        await mine.SubscribeAsync(stream);
        await other.SubscribeAsync(await bob.StreamAsync());
        var ended = await phone.SessionAsync();

        (await ann.Delete($"/api/users/me/sessions/{ended}")).Must(204);

        await Eventually.Is(() => mine.Live(stream).SequenceEqual([1]));
        var told = mine.Calls("events").Single()[1][0];
        told.GetProperty("type").GetString().ShouldBe("session.revoked");
        told.GetProperty("data").GetRawText().ShouldBe($$"""{"id":"{{ended}}"}""");
        other.Calls("events").ShouldBeEmpty();
        (await Product.Database.ScalarAsync<string>($"select string_agg(stream, ',') from notifications.events where data ->> 'id' = '{ended}'")).ShouldBe(stream);
    }

    [Theory]
    [InlineData("logout")]
    [InlineData("refresh")]
    public async Task However_a_session_ends_the_other_devices_are_told(string how)
    {
        using var program = Product.Somebody();
        var made = (await program.Post("/api/users/guests")).Must(201);
        var ended = await program.SessionAsync();
        var user = made["user"].GetProperty("id").GetGuid();

        if (how == "logout")
            (await program.Post("/api/users/logout")).Must(204);
        for (var n = 0; n < 2 && how == "refresh"; n++)
            await program.Post("/api/users/refresh", new { refreshToken = made["refreshToken"].GetString() });

        await Eventually.Is(async () =>
            await Product.Database.ScalarAsync<string>($"select data ->> 'id' from notifications.events where stream = 'notifications/{user}'") == ended.ToString());
    }

    [Fact]
    public async Task Another_persons_stream_is_as_unknown_as_that_of_nobody()
    {
        using var ann = await Product.DeviceAsync("ann");
        using var bob = await Product.DeviceAsync("bob");
        var (anns, bobs) = (await ann.StreamAsync(), await bob.StreamAsync());
        await using var other = await Product.HubAsync(bob);
        await using var nobody = await HubClient.ConnectAsync(Product.Address);

        foreach (var client in new[] { other, nobody })
        {
            foreach (var stream in new[] { anns, $"notifications/{Guid.NewGuid()}", $"{bobs}/x", bobs.Replace("-", "") })
                (await Should.ThrowAsync<HubException>(() => client.SubscribeAsync(stream))).Message.ShouldContain("stream-not-found");
        }

        (await bob.Get($"/api/notifications/streams/{anns}")).Must(404).Problem.ShouldBe("stream-not-found");
        (await bob.Get($"/api/notifications/sse?stream={anns}")).Must(404).Problem.ShouldBe("stream-not-found");
        (await bob.Get($"/api/notifications/streams/{bobs}")).Must(200);
    }

    [Fact]
    public async Task What_a_person_was_told_is_in_their_export_and_emptied_when_they_are_deleted()
    {
        using var ann = await Product.DeviceAsync("leaves");
        using var phone = await Product.DeviceAsync("leaves");
        var (stream, ended) = (await ann.StreamAsync(), await phone.SessionAsync());
        (await ann.Delete($"/api/users/me/sessions/{ended}")).Must(204);
        await Eventually.Is(async () => (await ann.Get($"/api/notifications/streams/{stream}"))["head"].GetInt64() == 1);

        var told = (await ann.Get("/api/users/me/export")).Must(200)["modules"].GetProperty("notifications").GetProperty("told").EnumerateArray().ShouldHaveSingleItem();
        told.GetProperty("type").GetString().ShouldBe("session.revoked");
        told.GetProperty("data").GetProperty("id").GetGuid().ShouldBe(ended);

        (await ann.Delete("/api/users/me")).Must(204);
        Product.Clock.Advance(TimeSpan.FromSeconds(61));    // an event that was not published yet goes with the second round
        await Eventually.Is(async () => await Product.Database.ScalarAsync<long>($"select count(*) from notifications.events where stream = '{stream}' and data::text like '%{ended}%'") == 0);
    }
}
