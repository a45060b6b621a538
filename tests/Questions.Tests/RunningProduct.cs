using Modular.Testing;

namespace Modular.Questions.Tests;

/// <summary>One product for the tests of a class.</summary>
public sealed class RunningProduct : IAsyncLifetime
{
    public Product Product { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Product = await Product.StartAsync();

    public ValueTask DisposeAsync() => Product.DisposeAsync();
}
