using Modular.Kernel.Messaging;
using Modular.Kernel.Web;
using Modular.Notifications.Streams;

namespace Modular.Notifications;

/// <summary>Why somebody may not read a stream, as an answer over HTTP.</summary>
internal static class StreamRefusal
{
    /// <summary>Null when the caller may read them all.</summary>
    public static async Task<Refused?> OfAnyAsync(IStreams streams, IEnumerable<string> names, Caller? caller, CancellationToken ct)
    {
        foreach (var name in names)
        {
            var access = StreamName.IsValid(name) ? await streams.AuthorizeAsync(name, caller, ct) : StreamAccess.NotFound;
            if (!access.Allowed)
                return Of(access, caller);
        }

        return null;
    }

    public static Refused Of(StreamAccess access, Caller? caller) => access.Code.EndsWith("not-found", StringComparison.Ordinal)
        ? Refused.NotFound(access.Code, access.Detail)
        : caller is null ? Refused.Unauthorized(access.Code, access.Detail) : Refused.Forbidden(access.Code, access.Detail);
}
