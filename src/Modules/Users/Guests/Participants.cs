using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Modular.Kernel.Documents;
using Modular.Kernel.Web;
using Modular.Users.Contracts;
using Modular.Users.Keys;
using Modular.Users.Sessions;

namespace Modular.Users.Guests;

internal sealed class Participants(
    [FromKeyedServices("users")] IDocumentStore store, SharedSecret secret, SessionCookie cookie, SignIns signIns, TimeProvider clock)
    : IParticipants
{
    private static readonly TimeSpan RetriesCount = TimeSpan.FromHours(1);

    public async Task<Caller> EnsureAsync(HttpContext http, string? clientId, CancellationToken ct)
    {
        if (Caller.From(http.User) is { } known)
            return known;
        var guest = string.IsNullOrEmpty(clientId)
            ? await NewAsync(http, Guid.NewGuid(), FriendlyName.Any(), ct)
            : await SameAsync(http, GuestId.From(secret.Key("guest-id"), clientId), ct);
        cookie.Set(http, guest.Session.Id);
        http.User = SignedIn.PrincipalOf(guest.Caller);
        return guest.Caller;
    }

    public async Task<SignedIn> NewAsync(HttpContext http, Guid id, string name, CancellationToken ct)
    {
        var work = store.OpenSession();
        var user = work.Insert(User.Guest(id, name));
        return await signIns.BeginAsync(work, user, http, ct);
    }

    /// <summary>The guest this clientId has made within the hour; otherwise a new one.</summary>
    private async Task<SignedIn> SameAsync(HttpContext http, Guid id, CancellationToken ct)
    {
        try
        {
            return await NewAsync(http, id, FriendlyName.Any(), ct);
        }
        catch (DocumentExistsException)
        {
            var work = store.OpenSession();
            return await work.LoadAsync<User>(id, ct) is { Kind: UserKind.Guest } first && clock.GetUtcNow() - first.CreatedAt < RetriesCount
                ? await signIns.BeginAsync(work, first, http, ct)
                : await NewAsync(http, Guid.NewGuid(), FriendlyName.Any(), ct);
        }
    }
}
