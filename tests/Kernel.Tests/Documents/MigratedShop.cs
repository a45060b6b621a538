using Modular.Testing;

[assembly: AssemblyFixture(typeof(Modular.Kernel.Tests.Documents.MigratedShop))]

namespace Modular.Kernel.Tests.Documents;

/// <summary>The database of a <see cref="Shop"/> that has nothing in it, to copy: the schema is about a hundred statements.</summary>
public sealed class MigratedShop : IAsyncLifetime
{
    private static TestDatabase? database;

    public static TestDatabase Database => database ?? throw new InvalidOperationException("The assembly's fixture has not run.");

    public async ValueTask InitializeAsync()
    {
        var made = await TestDatabase.CreateAsync();
        await using (await Shop.OpenAsync(on: made))
        {
        }

        database = made;
    }

    public ValueTask DisposeAsync() => Database.DisposeAsync();
}
