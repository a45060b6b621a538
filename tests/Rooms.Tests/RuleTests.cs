using Modular.Rooms.Contracts;
using Modular.Rooms.Creating;
using Modular.Rooms.Hosting;
using Modular.Rooms.States;

namespace Modular.Rooms.Tests;

public sealed class RuleTests
{
    [Fact]
    public void A_code_has_six_letters_that_nobody_mixes_up() =>
        Enumerable.Range(0, 100).ShouldAllBe(_ => RoomCode.Draw().Length == 6 && RoomCode.Draw().All("23456789ABCDEFGHJKMNPQRSTVWXYZ".Contains));

    [Theory]
    [InlineData("ab c2 d3")]
    [InlineData(" ABC2D3 ")]
    [InlineData("a\u00a0bc2d3")]
    public void A_code_is_read_without_regard_to_case_and_spaces(string typed) => RoomCode.Read(typed).ShouldBe("ABC2D3");

    [Fact]
    public void A_host_link_is_read_whole_or_as_its_token() =>
        HostLink.TokenIn(" https://ask.example.org/r/ABC2D3#host=secret ").ShouldBe(HostLink.TokenIn("secret"));

    [Fact]
    public void A_closed_room_is_not_paused() => ChangeRoomState.MayGo(RoomState.Closed, RoomState.Paused).ShouldBeFalse();

    [Fact]
    public void A_closed_room_is_opened_again() => ChangeRoomState.MayGo(RoomState.Closed, RoomState.Open).ShouldBeTrue();

    [Theory]
    [InlineData(null, "title-required")]
    [InlineData(" ", "title-required")]
    public void A_room_needs_a_title(string? title, string type) => CreateRoom.WrongTitle(title).ShouldNotBeNull().Type.ShouldBe(type);

    [Fact]
    public void A_title_ends_at_a_hundred_characters() => CreateRoom.WrongTitle(new string('x', 101)).ShouldNotBeNull().Type.ShouldBe("title-too-long");
}
