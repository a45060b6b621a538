using Modular.Cluster.Tests.Api;
using static Modular.Cluster.Tests.Decisions.Decision;

namespace Modular.Cluster.Tests.Decisions;

/// <summary>One row an operation; a new endpoint adds its own.</summary>
internal static class Table
{
    public static IReadOnlyList<Decision> All { get; } =
    [
        Anyone("GET /version"),

        Anyone("POST /api/users/guests"),
        Anyone("POST /api/users/refresh"),
        Anyone("POST /api/users/register").But(409, Asker.Member, Asker.HostElsewhere, Asker.Admin),
        Anyone("POST /api/users/login"),
        SignedIn("POST /api/users/logout"),
        Anyone("POST /api/users/verify"),
        Members("PUT /api/users/me/password"),
        Members("POST /api/users/verify/resend"),
        Anyone("POST /api/users/forgot"),
        Anyone("POST /api/users/reset"),
        Anyone("POST /api/users/magic-link"),
        Anyone("POST /api/users/magic-link/accept"),
        SignedIn("GET /api/users/me"),
        SignedIn("PATCH /api/users/me"),
        SignedIn("DELETE /api/users/me"),
        SignedIn("GET /api/users/me/export"),
        SignedIn("GET /api/users/me/sessions"),
        SignedIn("DELETE /api/users/me/sessions"),
        SignedIn("DELETE /api/users/me/sessions/{id}").But(404, [.. Enum.GetValues<Asker>().Except([Asker.Nobody, Asker.Host])]),
        Anyone("POST /api/users/setup").But(409, Asker.Member, Asker.HostElsewhere, Asker.Admin),
        Admins("GET /api/users"),
        Admins("POST /api/users/{id}/ban"),
        Admins("POST /api/users/{id}/unban"),
        Admins("DELETE /api/users/{id}"),

        Anyone("POST /api/rooms"),
        SignedIn("GET /api/rooms"),
        Anyone("GET /api/rooms/{idOrCode}"),
        Anyone("POST /api/rooms/{idOrCode}/enter"),
        Hosts("POST /api/rooms/{idOrCode}/open"),
        Hosts("POST /api/rooms/{idOrCode}/pause"),
        Hosts("POST /api/rooms/{idOrCode}/close"),
        Moderators("GET /api/rooms/{idOrCode}/members"),
        Hosts("PUT /api/rooms/{idOrCode}/members/{userId}/role"),
        Anyone("POST /api/rooms/links/accept"),

        Anyone("POST /api/questions"),
        Anyone("GET /api/questions"),
        Anyone("GET /api/questions/{id}"),
        Anyone("PUT /api/questions/{id}/vote"),
        Anyone("DELETE /api/questions/{id}/vote"),
        Moderators("POST /api/questions/{id}/answer"),
        Moderators("POST /api/questions/{id}/reopen"),

        Anyone("GET /api/notifications/streams/{name}"),
        Anyone("GET /api/notifications/sse"),
    ];

    /// <summary>Operations without a row, and rows without an operation.</summary>
    public static IEnumerable<string> Mismatches(IEnumerable<Operation> operations)
    {
        var (offered, known) = (operations.Select(o => o.Key).ToArray(), All.Select(e => e.Key).ToArray());
        return offered.Except(known).Select(key => $"nobody has decided who may {key}").Concat(known.Except(offered).Select(key => $"{key} is decided and not in the API"));
    }
}
