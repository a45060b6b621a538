using Microsoft.Extensions.DependencyInjection;
using Modular.Kernel.Documents;
using Modular.Users.Contracts;

namespace Modular.Users;

internal sealed class PeopleNames([FromKeyedServices("users")] IDocumentStore store) : IPeople
{
    public async Task<IReadOnlyDictionary<Guid, string>> NamesAsync(IReadOnlyCollection<Guid> people, CancellationToken ct) =>
        (await store.OpenSession().QueryAsync<User>($"where id = any({people.ToArray()})", ct)).ToDictionary(u => u.Id, u => u.Name);
}
