using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Modular.Kernel.Documents;
using Modular.Kernel.Web;

namespace Modular.Users.Keys;

/// <summary>The secret that all replicas share, and the keys derived from it: one a purpose, so that none says anything of another.</summary>
internal sealed class SharedSecret([FromKeyedServices("users")] IDocumentStore store, IOptions<UsersOptions> options)
{
    private byte[]? material;

    public byte[] Key(string purpose) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, material ??= Material(), outputLength: 32, info: Encoding.UTF8.GetBytes($"modular/{purpose}"));

    /// <summary>Only where none is configured, which the options allow in development alone. Under the migration lock.</summary>
    public async Task MakeForDevelopmentAsync(CancellationToken ct)
    {
        var work = store.OpenSession();
        if (options.Value.Secret is not null || await work.LoadAsync<DevelopmentSecret>(DevelopmentSecret.OnlyId, ct) is not null)
            return;
        work.Insert(new DevelopmentSecret(Convert.ToHexString(RandomNumberGenerator.GetBytes(32))) { Id = DevelopmentSecret.OnlyId });
        await work.SaveChangesAsync(ct);
    }

    // Blocks once a process, at start: data protection's repository, which needs it, is synchronous.
    private byte[] Material() => Encoding.UTF8.GetBytes(
        options.Value.Secret
        ?? Task.Run(() => store.OpenSession().LoadAsync<DevelopmentSecret>(DevelopmentSecret.OnlyId, CancellationToken.None)).GetAwaiter().GetResult()?.Value
        ?? throw new RefusedToRunException("Modules:Users:Secret is not set and the database holds none for development: run the host's migrate first."));
}
