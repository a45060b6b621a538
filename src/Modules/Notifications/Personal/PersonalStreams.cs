using Modular.Kernel.Messaging;
using Modular.Kernel.Web;

namespace Modular.Notifications.Personal;

/// <summary>What one person is told, wherever they are signed in.</summary>
internal static class PersonalStream
{
    public static string Of(Guid user) => $"notifications/{user}";
}

/// <summary>Only the person themselves; to everybody else there is no such stream, whoever it would be of.</summary>
internal sealed class PersonalStreams : IStreamAuthorizer
{
    public ValueTask<StreamAccess> AuthorizeAsync(string stream, Caller? caller, CancellationToken ct) => ValueTask.FromResult(
        caller is not null && string.Equals(stream, PersonalStream.Of(caller.UserId), StringComparison.Ordinal) ? StreamAccess.Yes : StreamAccess.NotFound);
}
