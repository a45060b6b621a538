using Modular.Testing;

[assembly: AssemblyFixture(typeof(Modular.Questions.Tests.RunningProduct))]

namespace Modular.Questions.Tests;

/// <summary>One product for all tests, which make their own people and rooms in it; those that stop its clock or move it have one of their own.</summary>
public sealed class RunningProduct : IAsyncLifetime
{
    public Product Product { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Product = await Product.StartAsync();

    public ValueTask DisposeAsync() => Product.DisposeAsync();
}
