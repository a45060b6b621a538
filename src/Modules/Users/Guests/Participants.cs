using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Modular.Kernel.Documents;
using Modular.Kernel.Web;
using Modular.Kernel.Web.Limits;
using Modular.Users.Contracts;
using Modular.Users.Deleting;
using Modular.Users.Keys;
using Modular.Users.Sessions;

namespace Modular.Users.Guests;

internal sealed class Participants(
    [FromKeyedServices("users")] IDocumentStore store, SharedSecret secret, SessionCookie cookie, SignIns signIns, DeletePerson delete, RateLimits limits,
    TimeProvider clock)
    : IParticipants
{
    private static readonly TimeSpan RetriesCount = TimeSpan.FromHours(1);

    public async Task<Caller> EnsureAsync(HttpContext http, string? clientId, CancellationToken ct)
    {
        if (Caller.From(http.User) is { } known)
            return known;
        var again = !string.IsNullOrEmpty(clientId);
        var id = again ? GuestId.From(secret.Key("guest-id"), clientId!) : Guid.NewGuid();
        TakePermits(id, http);
        var guest = again ? await SameAsync(http, id, ct) : await NewAsync(http, id, FriendlyName.Any(), ct);
        cookie.Set(http, guest.Session);
        http.User = SignedIn.PrincipalOf(guest.Caller);
        return guest.Caller;
    }

    public async Task<SignedIn> NewAsync(HttpContext http, Guid id, string name, CancellationToken ct)
    {
        var work = store.OpenSession();
        var user = work.Insert(User.Guest(id, name));
        return await signIns.BeginAsync(work, user, http, ct);
    }

    /// <summary>For making one more guest, and for what this one does first.</summary>
    private void TakePermits(Guid id, HttpContext http)
    {
        if (!limits.TryTake(http, RateLimits.Guests, out var refused) || !limits.TryTakeAs(id, http, out refused))
            throw new RefusedException(refused);
    }

    /// <summary>The guest this clientId has made within the hour; otherwise a new one, and surely one who has been deleted never again.</summary>
    private async Task<SignedIn> SameAsync(HttpContext http, Guid id, CancellationToken ct)
    {
        var same = await FirstAsync(http, id, ct);
        if (same is not null && await store.OpenSession().LoadAsync<Deletion>(id, ct) is null)
            return same;
        if (same is not null)
            await delete.RunAsync(id, ct);
        return await NewAsync(http, Guid.NewGuid(), FriendlyName.Any(), ct);
    }

    /// <summary>Null where the first one is known by now as more than this clientId.</summary>
    private async Task<SignedIn?> FirstAsync(HttpContext http, Guid id, CancellationToken ct)
    {
        try
        {
            return await NewAsync(http, id, FriendlyName.Any(), ct);
        }
        catch (DocumentExistsException)
        {
            var work = store.OpenSession();
            if (await work.LoadAsync<User>(id, ct) is not { Kind: UserKind.Guest, BannedAt: null } first || clock.GetUtcNow() - first.CreatedAt >= RetriesCount)
                return null;
            limits.GiveBack(http, RateLimits.Guests);
            return await signIns.BeginAsync(work, first, http, ct);
        }
    }
}
