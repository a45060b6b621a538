using System.Text;
using System.Text.Json;
using Modular.Kernel.Messaging;

namespace Modular.Kernel.Tests.Documents;

/// <summary>What a module tells on its own streams for another.</summary>
public sealed class RelayedEventTests(OneShop one) : IClassFixture<OneShop>
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly Shop shop = one.Shop;

    [Fact]
    public async Task A_relayed_event_stands_on_the_stream_under_the_name_it_was_given_with_the_data_as_they_are()
    {
        var about = Guid.CreateVersion7();
        var session = shop.Store.OpenSession();
        session.Append("shop/a", Relayed("session.revoked", about));
        await session.SaveChangesAsync(None);

        var told = Assert.Single((await shop.Stores["shop"].Log.ReadAsync([("shop/a", 0)], 10, None))["shop/a"].Events);

        Assert.Equal(("session.revoked", about), (told.Type, told.Subject));
        Assert.Equal("""{"later": [1, "ß"]}""", Encoding.UTF8.GetString(told.Data.Span));
    }

    [Theory]
    [InlineData("")]
    [InlineData("revoked")]
    [InlineData("Session.revoked")]
    [InlineData("session.revoked\n")]
    [InlineData("session.re\"voked")]
    public void What_is_no_wire_name_is_not_written(string name) =>
        Assert.Throws<InvalidOperationException>(() => shop.Store.OpenSession().Append("shop/a", Relayed(name, Guid.NewGuid())));

    [Fact]
    public void A_relayed_event_is_not_published_because_no_handler_would_find_it() =>
        Assert.Throws<InvalidOperationException>(() => shop.Store.OpenSession().Publish(Relayed("session.revoked", Guid.NewGuid())));

    [Fact]
    public void A_module_tells_no_event_that_it_does_not_declare_itself()
    {
        Assert.Contains("not declared by the module ledger", Assert.Throws<InvalidOperationException>(
            () => shop.Ledger.OpenSession().Publish(new ItemWhispered(Guid.NewGuid()))).Message);
        shop.Store.OpenSession().Publish(new ItemWhispered(Guid.NewGuid()));
    }

    private static RelayedEvent Relayed(string name, Guid subject) => new(name, subject, JsonElement.Parse("""{"later": [1, "ß"]}"""));
}
