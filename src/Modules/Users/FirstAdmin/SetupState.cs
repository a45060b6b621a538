using System.Security.Cryptography;
using Modular.Kernel.Documents;

namespace Modular.Users.FirstAdmin;

/// <summary>What the setup token is derived from, with the secret that all replicas share: any of them, after any restart, says the same one.</summary>
/// <param name="Nonce">Another one with every admin that is made, so a token that was good once never is again.</param>
internal sealed record SetupState(byte[] Nonce) : Document
{
    public static Guid OnlyId { get; } = new("018cc251-f400-7000-8000-000000000003");

    public static SetupState New() => new(RandomNumberGenerator.GetBytes(32)) { Id = OnlyId };

    public SetupState Used() => this with { Nonce = RandomNumberGenerator.GetBytes(32) };
}
