using Modular.Kernel.Web;
using Modular.Questions.Asking;
using Modular.Questions.Contracts;
using Modular.Questions.Reading;
using Modular.Questions.Rooms;
using Modular.Questions.Voting;
using Modular.Rooms.Contracts;

namespace Modular.Questions.Tests;

public sealed class RuleTests
{
    private static readonly DateTimeOffset Noon = new(2030, 6, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Caller Ann = new(Guid.NewGuid(), Guid.NewGuid(), "Ann", IsGuest: true, IsAdmin: false);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" \r\n\t\u2003 ")]
    [InlineData("\u200b\u200d\u2060\ufeff\u00ad")]
    [InlineData("\u3164\u2800")]
    public void A_body_in_which_nothing_shows_is_missing(string? body) => QuestionBody.Wrong(body).ShouldNotBeNull().Detail.ShouldBe("Body is required");

    [Fact]
    public void A_body_of_500_emoji_is_long_enough() => QuestionBody.Wrong(string.Concat(Enumerable.Repeat("🦦", 500))).ShouldBeNull();

    [Fact]
    public void A_body_of_501_characters_is_told_how_many() =>
        QuestionBody.Wrong(new string('x', 501)).ShouldNotBeNull().Detail.ShouldBe("Body may have 500 characters, this one has 501");

    [Fact]
    public void White_space_around_a_body_does_not_count() => QuestionBody.Wrong($" {new string('x', 500)} ").ShouldBeNull();

    [Fact]
    public void A_live_question_can_be_answered_and_keeps_when() => Live.Answered(Noon).ShouldNotBeNull().AnsweredAt.ShouldBe(Noon);

    [Fact]
    public void An_answered_question_cannot_be_answered_again() => Live.Answered(Noon)!.Answered(Noon).ShouldBeNull();

    [Fact]
    public void An_answered_question_can_be_reopened() => Live.Answered(Noon)!.Reopened().ShouldNotBeNull().State.ShouldBe(QuestionState.Live);

    [Fact]
    public void A_live_question_cannot_be_reopened() => Live.Reopened().ShouldBeNull();

    [Fact]
    public void An_anonymous_question_has_an_author_for_nobody() => (Live with { Anonymous = true }).As<QuestionAsked>().Author.ShouldBeNull();

    [Fact]
    public void A_new_question_has_its_authors_vote_counted_and_told()
    {
        var asked = AskQuestion.New(new("Why?", Room: null, Anonymous: null, ClientId: null), Lobby.Id, Ann, Noon);
        (asked.Votes, asked.Shown).ShouldBe((1, 1));
    }

    [Fact]
    public void A_person_has_one_vote_on_a_question() => Vote.Of(Lobby.Id, Ann.UserId).Id.ShouldBe(Vote.Of(Lobby.Id, Ann.UserId).Id);

    [Fact]
    public void Two_people_have_two_votes() => Vote.IdOf(Lobby.Id, Ann.UserId).ShouldNotBe(Vote.IdOf(Lobby.Id, Ann.SessionId));

    [Theory]
    [InlineData(RoomState.Closed, "room-closed")]
    [InlineData(RoomState.Paused, "room-paused")]
    public void A_room_that_is_not_open_takes_no_questions(RoomState state, string type) =>
        new RoomCopy { State = state }.WhyNoQuestions(anonymous: false).ShouldNotBeNull().Type.ShouldBe(type);

    [Fact]
    public void A_room_without_anonymity_takes_questions_with_a_name_only()
    {
        var room = new RoomCopy { Settings = new RoomSettings { Anonymous = false } };
        room.WhyNoQuestions(anonymous: true).ShouldNotBeNull().Type.ShouldBe("anonymous-off");
        room.WhyNoQuestions(anonymous: false).ShouldBeNull();
    }

    [Fact]
    public void A_cursor_reads_back_in_its_own_order_only()
    {
        var cursor = new Cursor(QuestionOrder.Body, Ann.UserId, "why: ümläut?");
        Cursor.Read(cursor.ToString(), QuestionOrder.Body).ShouldBe(cursor);
        Cursor.Read(cursor.ToString(), QuestionOrder.Newest).ShouldBeNull();
    }

    [Theory]
    [InlineData("")]
    [InlineData("%%%")]
    [InlineData("AAAA")]
    public void What_is_no_cursor_is_refused(string text) => Cursor.Read(text, QuestionOrder.Newest).ShouldBeNull();

    [Fact]
    public void A_cursor_cannot_smuggle_NUL_into_the_database() =>
        Cursor.Read(new Cursor(QuestionOrder.Body, Ann.UserId, "a\0b").ToString(), QuestionOrder.Body).ShouldBeNull();

    private static Question Live => new() { Id = Guid.CreateVersion7(), AuthorId = Ann.UserId, AuthorName = Ann.Name, Body = "Why?" };
}
