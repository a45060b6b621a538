using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.DependencyInjection;
using Modular.Kernel.Documents;
using Modular.Kernel.Web;

namespace Modular.Users.Keys;

/// <summary>
/// Data-protection keys in Postgres, so that any replica reads any cookie. It seals whole elements itself: data
/// protection's own encryptors write their assembly-qualified type into the key, and a replica one version behind
/// could not load it.
/// </summary>
internal sealed class KeyRepository([FromKeyedServices("users")] IDocumentStore store, SharedSecret secret) : IXmlRepository
{
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    // The interface is synchronous. It is asked at start and once a day, never within a request's usual work.
    public IReadOnlyCollection<XElement> GetAllElements() =>
        [.. Task.Run(() => store.OpenSession().QueryAsync<DataProtectionKey>($"where true order by id", CancellationToken.None))
            .GetAwaiter().GetResult().Select(key => XElement.Parse(Open(key.Sealed)))];

    public void StoreElement(XElement element, string friendlyName)
    {
        var work = store.OpenSession();
        work.Insert(new DataProtectionKey(Seal(element.ToString(SaveOptions.DisableFormatting))) { Id = Guid.CreateVersion7() });
        Task.Run(() => work.SaveChangesAsync(CancellationToken.None)).GetAwaiter().GetResult();
    }

    private byte[] Seal(string text)
    {
        var plain = Encoding.UTF8.GetBytes(text);
        var whole = new byte[NonceBytes + TagBytes + plain.Length];
        var (nonce, tag, body) = Parts(whole);
        RandomNumberGenerator.Fill(nonce.Span);
        using var aes = new AesGcm(secret.Key("data-protection"), TagBytes);
        aes.Encrypt(nonce.Span, plain, body.Span, tag.Span);
        return whole;
    }

    private string Open(byte[] whole)
    {
        var (nonce, tag, body) = Parts(whole);
        var plain = new byte[body.Length];
        using var aes = new AesGcm(secret.Key("data-protection"), TagBytes);
        try
        {
            aes.Decrypt(nonce.Span, body.Span, tag.Span, plain);
        }
        catch (AuthenticationTagMismatchException)
        {
            throw new RefusedToRunException("Modules:Users:Secret is not the one that the keys in the database were sealed with.");
        }

        return Encoding.UTF8.GetString(plain);
    }

    private static (Memory<byte> Nonce, Memory<byte> Tag, Memory<byte> Body) Parts(byte[] whole) =>
        (whole.AsMemory(0, NonceBytes), whole.AsMemory(NonceBytes, TagBytes), whole.AsMemory(NonceBytes + TagBytes));
}
