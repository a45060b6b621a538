using Modular.Testing;

namespace Modular.Cluster.Tests.Clients;

/// <summary>What comes by the clock when nothing happens, in one wait for all of it.</summary>
[Collection<OneHost>]
public sealed class ClockTests(OneHost one)
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task A_ping_comes_every_five_seconds_a_comment_every_fifteen_and_whoever_never_answers_a_ping_is_closed_after_thirty()
    {
        await using var socket = await PlainSocket.OpenAsync(one.Address);
        await using var silent = await PlainSocket.OpenAsync(one.Address, autoPong: false);
        await using var events = await EventStream.OpenAsync(one.Address, [Lobby.Stream]);
        var began = TimeProvider.System.GetTimestamp();

        var closed = await silent.ClosedAsync(Long);
        var silence = TimeProvider.System.GetElapsedTime(began);
        await Eventually.Is(() => events.Blocks.Count(b => b.Comment is not null) >= 2, Long);

        silence.ShouldBeInRange(TimeSpan.FromSeconds(28), TimeSpan.FromSeconds(50));
        closed.Code.ShouldBeOneOf(1006, 1008, 1011);
        silent.Pings.Count.ShouldBeGreaterThanOrEqualTo(5);
        socket.Pings.Count.ShouldBeGreaterThanOrEqualTo(5);
        socket.Pings.Zip(socket.Pings.Skip(1), (one, next) => next - one).ShouldAllBe(gap => gap > TimeSpan.FromSeconds(3) && gap < TimeSpan.FromSeconds(9));
        socket.IsClosed.ShouldBeFalse();
        events.Ended.IsCompleted.ShouldBeFalse();
        (await Lobby.AskAsync(one.Address, "Still there?", "clock")).Must(201);
        await socket.SeesAsync("newquestion");
        await Eventually.Is(() => events.Numbers(Lobby.Stream).Count == 1);
    }
}
