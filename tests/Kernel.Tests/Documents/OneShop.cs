namespace Modular.Kernel.Tests.Documents;

/// <summary>A <see cref="Shop"/> for all tests of a class, which must not mind what the others leave in it.</summary>
public sealed class OneShop : IAsyncLifetime
{
    public Shop Shop { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Shop = await Shop.OpenAsync();

    public ValueTask DisposeAsync() => Shop.DisposeAsync();
}
