using System.Text;
using Modular.Kernel.Documents;
using Modular.Questions.Contracts;

namespace Modular.Questions;

internal sealed record Question : Document
{
    public Guid RoomId { get; init; }

    /// <summary>
    /// Known of anonymous questions too, so that they are still "mine"; it leaves the store only through <see cref="Author"/>. Empty where the
    /// author was deleted: null would be equal to nobody's id.
    /// </summary>
    public Guid AuthorId { get; init; }

    public string AuthorName { get; init; } = "";

    public bool Anonymous { get; init; }

    /// <summary>The asker's own number for this question: sent again, it is the same question.</summary>
    public string? ClientId { get; init; }

    public string Body { get; init; } = "";

    /// <summary>What the list by body is ordered by; see <see cref="KeyOf"/>.</summary>
    public string BodyKey { get; init; } = "";

    public QuestionState State { get; init; }

    public DateTimeOffset? AnsweredAt { get; init; }

    /// <summary>Counted in the commit of each vote.</summary>
    public int Votes { get; init; }

    /// <summary>What the stream was told last; <see cref="Voting.ShowVotes"/> brings it up to <see cref="Votes"/>.</summary>
    public int Shown { get; init; }

    public bool Pinned { get; init; }

    public IReadOnlyList<string> Labels { get; init; } = [];

    public string? Reply { get; init; }

    /// <summary>Nobody on any wire where the asker wanted that, or is gone.</summary>
    public Author? Author() => Anonymous || AuthorId == Guid.Empty ? null : new Author(AuthorId, AuthorName);

    /// <summary>The question stays, its author does not.</summary>
    public Question Orphaned() => this with { AuthorId = Guid.Empty, AuthorName = "", ClientId = null };

    public Question? Answered(DateTimeOffset now) =>
        State == QuestionState.Live ? this with { State = QuestionState.Answered, AnsweredAt = now } : null;

    public Question? Reopened() =>
        State == QuestionState.Answered ? this with { State = QuestionState.Live, AnsweredAt = null } : null;

    /// <summary>The first 64 characters in lower case, made here so that a cursor holds exactly what the database compares.</summary>
    public static string KeyOf(string body) => string.Concat(body.ToLowerInvariant().EnumerateRunes().Take(64));

    /// <summary>What everyone may know of the question, as an event's data.</summary>
    public TEvent As<TEvent>() where TEvent : QuestionEvent, new() => new()
    {
        Id = Id,
        RoomId = RoomId,
        Body = Body,
        Author = Author(),
        State = State,
        Votes = Votes,
        Pinned = Pinned,
        Labels = Labels,
        Reply = Reply,
        CreatedAt = CreatedAt,
        UpdatedAt = UpdatedAt,
        Version = Version,
    };
}
