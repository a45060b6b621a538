using Modular.Kernel.Web;

namespace Modular.Questions;

/// <summary>The sentences that several slices share.</summary>
internal static class QuestionRefusals
{
    public static Refused NotFound => Refused.NotFound("question-not-found", "This question is not there, or not for you.");

    public static Refused NoRoom => Refused.NotFound("room-not-found", "There is no room with this code. Check it with the host.");

    public static Refused NotModerator => Refused.Forbidden("not-host", "Only the host and the moderators of this room may do this.");
}
