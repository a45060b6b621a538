using Microsoft.Extensions.DependencyInjection;
using Modular.Kernel.Messaging;
using Modular.Rooms.Contracts;
using Modular.Testing;

namespace Modular.Rooms.Tests;

public sealed class StreamsOfRoomTests(RunningProduct running)
{
    private static readonly CancellationToken None = CancellationToken.None;

    private StreamsOfRoom Streams => running.Product.Services.GetServices<IRoomStreams>().OfType<StreamsOfRoom>().Single();

    [Fact]
    public async Task Whoever_names_no_room_follows_the_lobby() => (await Streams.OfAsync(room: null, None)).ShouldBe([$"rooms/{Lobby.Id}"]);

    [Fact]
    public async Task A_room_is_followed_by_its_id_and_by_its_code_as_somebody_typed_it()
    {
        using var host = running.Product.Somebody();
        var room = (await host.Post("/api/rooms", new { title = "Town hall" })).Must(201);
        var code = room["code"].GetString()!;
        foreach (var typed in new[] { room.Id.ToString(), code, $" {code[..3]} {code[3..].ToLowerInvariant()}" })
            (await Streams.OfAsync(typed, None)).ShouldBe([$"rooms/{room.Id}"], typed);
    }

    [Theory]
    [InlineData("NOSUCH")]
    [InlineData("")]
    [InlineData("018cc251-f400-7000-8000-00000000ffff")]
    public async Task There_is_nothing_to_follow_in_a_room_that_does_not_exist(string room) => (await Streams.OfAsync(room, None)).ShouldBeEmpty();

    [Fact]
    public async Task A_room_made_after_somebody_asked_for_it_in_vain_is_found()
    {
        (await Streams.OfAsync("LATE22", None)).ShouldBeEmpty();
        using var host = running.Product.Somebody();
        var room = (await host.Post("/api/rooms", new { title = "Town hall" })).Must(201);
        await running.Product.Database.RunAsync($$"""update rooms.room set data = jsonb_set(data, '{code}', '"LATE22"') where id = '{{room.Id}}'""");
        (await Streams.OfAsync("late22", None)).ShouldBe([$"rooms/{room.Id}"]);
    }

    [Fact]
    public async Task A_room_found_once_is_asked_of_the_database_no_more()
    {
        using var host = running.Product.Somebody();
        var room = (await host.Post("/api/rooms", new { title = "Town hall" })).Must(201);
        var code = room["code"].GetString()!;
        (await Streams.OfAsync(code, None)).Count.ShouldBe(1);
        await running.Product.Database.RunAsync($"delete from rooms.room where id = '{room.Id}'");
        (await Streams.OfAsync(code.ToLowerInvariant(), None)).ShouldBe([$"rooms/{room.Id}"]);
    }
}
