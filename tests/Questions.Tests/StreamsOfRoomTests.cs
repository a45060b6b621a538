using Microsoft.Extensions.DependencyInjection;
using Modular.Kernel.Messaging;
using Modular.Rooms.Contracts;

namespace Modular.Questions.Tests;

public sealed class StreamsOfRoomTests(RunningProduct running)
{
    private static readonly CancellationToken None = CancellationToken.None;

    private StreamsOfRoom Streams => running.Product.Services.GetServices<IRoomStreams>().OfType<StreamsOfRoom>().Single();

    [Fact]
    public async Task Whoever_names_no_room_follows_the_lobbys_questions() =>
        (await Streams.OfAsync(room: null, None)).ShouldBe([$"questions/{Lobby.Id}"]);

    [Fact]
    public async Task A_rooms_questions_are_followed_by_its_id_and_by_its_code_as_somebody_typed_it()
    {
        using var host = running.Product.Somebody();
        var room = (await host.Post("/api/rooms", new { title = "Town hall" })).Must(201);
        var code = room["code"].GetString()!;
        foreach (var typed in new[] { room.Id.ToString(), code, $" {code[..3]} {code[3..].ToLowerInvariant()}" })
            (await Streams.OfAsync(typed, None)).ShouldBe([$"questions/{room.Id}"], typed);
        (await Streams.OfAsync("NOSUCH", None)).ShouldBeEmpty();
    }

    [Fact]
    public void A_new_question_is_a_newquestion_to_clients_of_the_plain_socket()
    {
        var aliases = running.Product.Services.GetRequiredService<IEventAliases>();
        aliases.Of("question.asked").ShouldBe("newquestion");
        aliases.Of("question.answered").ShouldBeNull();
    }
}
