using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Modular.Kernel.Modules;
using Modular.Kernel.Web.Limits;
using Modular.Questions.Answering;
using Modular.Questions.Asking;
using Modular.Questions.Contracts;
using Modular.Questions.People;
using Modular.Questions.Reading;
using Modular.Questions.Rooms;
using Modular.Questions.Voting;
using Modular.Rooms.Contracts;
using Modular.Users.Contracts;

namespace Modular.Questions;

/// <summary>Questions that people ask in a room, and the votes that order them.</summary>
public sealed class QuestionsModule : IModule
{
    public string Name => "questions";

    public void AddServices(IHostApplicationBuilder host)
    {
        host.AddModuleStore(this, store => store
            .Document<Question>(table => table
                .Column(q => q.RoomId).Column(q => q.AuthorId).Column(q => q.ClientId).Column(q => q.Anonymous)
                .Column(q => q.State).Column(q => q.Body).Column(q => q.BodyKey)
                .Counter(q => q.Votes).Counter(q => q.Shown)
                .Unique("per_client", q => q.RoomId, q => q.AuthorId, q => q.ClientId)
                .Index("by_votes", "room_id", "state", "votes desc", "id desc")
                .Index("by_time", "room_id", "state", "id")
                .Index("by_author", "author_id", "id")
                .IndexWhere("to_show", "shown <> votes", "id"))
            .Document<Vote>(table => table.Column(v => v.VoterId).Index("by_voter", "voter_id", "id"))
            .Document<RoomCopy>()
            .Document<TopSnapshot>(table => table.Index("by_age", "created_at"))
            .Event<QuestionAsked>().Event<QuestionEdited>().Event<QuestionVoted>().Event<QuestionAnswered>().Event<QuestionReopened>()
            .PersonalData<HeldOfPerson>()
            .Streams<QuestionStreams>().RoomStreams<StreamsOfRoom>()
            .Handle<RoomOpened, KeepRoomCopy>().Handle<RoomUpdated, KeepRoomCopy>()
            .Handle<RoomPaused, KeepRoomCopy>().Handle<RoomClosed, KeepRoomCopy>()
            .Handle<UserDeleted, ForgetPerson>());
        host.AddLimit("ask", LimitBy.Person, permits: 6, per: TimeSpan.FromMinutes(1));
        host.AddLimit("vote", LimitBy.Person, permits: 60, per: TimeSpan.FromMinutes(1));
        host.Services.AddSingleton<RoomCopies>();
        host.Services.AddHostedService<ShowVotes>().AddHostedService<ForgetSnapshots>();
    }

    public void MapEndpoints(IEndpointRouteBuilder routes)
    {
        var questions = routes.MapGroup("").WithTags("Questions");
        AskQuestion.Map(questions);
        ListQuestions.Map(questions);
        GetQuestion.Map(questions);
        VoteForQuestion.Map(questions);
        Unvote.Map(questions);
        AnswerQuestion.Map(questions);
        ReopenQuestion.Map(questions);
    }
}
