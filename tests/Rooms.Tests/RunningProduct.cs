using Modular.Testing;

[assembly: AssemblyFixture(typeof(Modular.Rooms.Tests.RunningProduct))]

namespace Modular.Rooms.Tests;

/// <summary>One product for all tests, which make their own people and rooms in it.</summary>
public sealed class RunningProduct : IAsyncLifetime
{
    public Product Product { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Product = await Product.StartAsync();

    public ValueTask DisposeAsync() => Product.DisposeAsync();
}
