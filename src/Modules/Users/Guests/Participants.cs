using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Modular.Kernel.Documents;
using Modular.Kernel.Web;
using Modular.Users.Contracts;
using Modular.Users.Keys;
using Modular.Users.Sessions;

namespace Modular.Users.Guests;

internal sealed class Participants(
    [FromKeyedServices("users")] IDocumentStore store, SharedSecret secret, SessionCookie cookie, IOptions<UsersOptions> options, TimeProvider clock)
    : IParticipants
{
    private static readonly TimeSpan RetriesCount = TimeSpan.FromHours(1);

    public async Task<Caller> EnsureAsync(HttpContext http, string? clientId, CancellationToken ct)
    {
        if (Caller.From(http.User) is { } known)
            return known;
        var guest = string.IsNullOrEmpty(clientId)
            ? await NewAsync(Guid.NewGuid(), FriendlyName.Any(), ct)
            : await SameAsync(GuestId.From(secret.Key("guest-id"), clientId), ct);
        cookie.Set(http, guest.Session.Id);
        http.User = SignedIn.PrincipalOf(guest.Caller);
        return guest.Caller;
    }

    public async Task<SignedIn> NewAsync(Guid id, string name, CancellationToken ct)
    {
        var work = store.OpenSession();
        var user = work.Insert(User.Guest(id, name));
        return await BeginAsync(work, user, ct);
    }

    /// <summary>The guest this clientId has made within the hour; otherwise a new one.</summary>
    private async Task<SignedIn> SameAsync(Guid id, CancellationToken ct)
    {
        try
        {
            return await NewAsync(id, FriendlyName.Any(), ct);
        }
        catch (DocumentExistsException)
        {
            var work = store.OpenSession();
            return await work.LoadAsync<User>(id, ct) is { Kind: UserKind.Guest } first && clock.GetUtcNow() - first.CreatedAt < RetriesCount
                ? await BeginAsync(work, first, ct)
                : await NewAsync(Guid.NewGuid(), FriendlyName.Any(), ct);
        }
    }

    private async Task<SignedIn> BeginAsync(IDocumentSession work, User user, CancellationToken ct)
    {
        var refreshSecret = RandomNumberGenerator.GetBytes(32);
        var session = work.Insert(Session.Start(user.Id, refreshSecret, clock.GetUtcNow(), options.Value.SessionLife));
        await work.SaveChangesAsync(ct);
        return new SignedIn(user, session, refreshSecret);
    }
}
