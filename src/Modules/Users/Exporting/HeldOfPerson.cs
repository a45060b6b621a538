using Microsoft.Extensions.DependencyInjection;
using Modular.Kernel.Documents;
using Modular.Kernel.Modules;
using Modular.Users.Accounts;
using Modular.Users.Mail;
using Modular.Users.Sessions;

namespace Modular.Users.Exporting;

/// <summary>A person's account, where they are signed in and what they were mailed; no hash, no secret.</summary>
internal sealed class HeldOfPerson([FromKeyedServices("users")] IDocumentStore store) : IPersonalData
{
    internal sealed record Held(HeldAccount? Account, IAsyncEnumerable<HeldSession> Sessions, IAsyncEnumerable<HeldMailLink> MailedLinks);

    internal sealed record HeldAccount(string Email, DateTimeOffset? VerifiedAt, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

    internal sealed record HeldSession(Guid Id, string? Device, DateTimeOffset CreatedAt, DateTimeOffset SeenAt, DateTimeOffset ExpiresAt, DateTimeOffset? RevokedAt);

    internal sealed record HeldMailLink(MailKind Kind, DateTimeOffset MailedAt, DateTimeOffset ExpiresAt, DateTimeOffset? EndedAt);

    public async ValueTask<object> OfAsync(Guid person, CancellationToken ct)
    {
        var account = await store.OpenSession().LoadAsync<Account>(person, ct);
        return new Held(
            account is null ? null : new HeldAccount(account.Email, account.VerifiedAt, account.CreatedAt, account.UpdatedAt),
            store.ReadAllAsync<Session>((after, most) => $"where user_id = {person} and id > {after} order by id limit {most}", ct)
                .Select(s => new HeldSession(s.Id, s.Device, s.CreatedAt, s.UpdatedAt, s.ExpiresAt, s.RevokedAt)),
            store.ReadAllAsync<MailLink>((after, most) => $"where user_id = {person} and id > {after} order by id limit {most}", ct)
                .Select(l => new HeldMailLink(l.Kind, l.CreatedAt, l.ExpiresAt, l.EndedAt)));
    }
}
