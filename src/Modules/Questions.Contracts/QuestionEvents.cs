using Modular.Kernel.Messaging;

namespace Modular.Questions.Contracts;

/// <summary>A question as everyone sees it: the data of the events on <c>questions/{roomId}</c>. An anonymous one has no author.</summary>
public abstract record QuestionEvent : IEvent
{
    public Guid Id { get; init; }

    public Guid RoomId { get; init; }

    public string Body { get; init; } = "";

    public Author? Author { get; init; }

    public QuestionState State { get; init; }

    public int Votes { get; init; }

    public bool Pinned { get; init; }

    public IReadOnlyList<string> Labels { get; init; } = [];

    public string? Reply { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }

    public int Version { get; init; }

    Guid IEvent.Subject => Id;
}

public sealed record Author(Guid Id, string Name);

public enum QuestionState
{
    Live,
    Pending,
    Answered,
    Archived,
}

/// <summary>A question went live.</summary>
[Event("question.asked", Alias = "newquestion")]
public sealed record QuestionAsked : QuestionEvent;

/// <summary>Something of it has changed that no other event tells, for example that its author is gone. Clients that do not have it take it in.</summary>
[Event("question.edited")]
public sealed record QuestionEdited : QuestionEvent;

[Event("question.answered")]
public sealed record QuestionAnswered : QuestionEvent;

[Event("question.reopened")]
public sealed record QuestionReopened : QuestionEvent;

/// <summary>The count after some votes came or went: at most four a second a question, the last one never lost.</summary>
[Event("question.voted")]
public sealed record QuestionVoted(Guid Id, int Votes) : IEvent
{
    Guid IEvent.Subject => Id;
}
