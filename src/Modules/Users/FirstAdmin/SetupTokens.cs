using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Modular.Kernel.Documents;
using Modular.Kernel.Modules;
using Modular.Users.Keys;

namespace Modular.Users.FirstAdmin;

/// <summary>The token by which somebody who reads the log of a system without an admin becomes its first one.</summary>
internal sealed class SetupTokens([FromKeyedServices("users")] IDocumentStore store, SharedSecret secret) : ISeed
{
    /// <summary>Under the migration lock, so that there is one.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        var work = store.OpenSession();
        if (await work.LoadAsync<SetupState>(SetupState.OnlyId, ct) is not null)
            return;
        work.Insert(SetupState.New());
        await work.SaveChangesAsync(ct);
    }

    /// <summary>Null while the system has an admin.</summary>
    public async Task<string?> CurrentAsync(CancellationToken ct)
    {
        var work = store.OpenSession();
        return await work.HasAdminAsync(ct) ? null : TokenOf(await work.SetupAsync(ct));
    }

    public bool Opens(SetupState setup, string token) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(TokenOf(setup)), Encoding.UTF8.GetBytes(token));

    private string TokenOf(SetupState setup) => Base64Url.EncodeToString(HMACSHA256.HashData(secret.Key("setup"), setup.Nonce));
}

internal static class SetupReads
{
    public static async Task<bool> HasAdminAsync(this IDocumentSession work, CancellationToken ct) =>
        (await work.QueryIdsAsync<User>($"where data -> 'roles' @> '[\"admin\"]' limit 1", ct)).Count > 0;

    public static async Task<SetupState> SetupAsync(this IDocumentSession work, CancellationToken ct) =>
        await work.LoadAsync<SetupState>(SetupState.OnlyId, ct) ?? throw new InvalidOperationException("The database has not been seeded.");
}
