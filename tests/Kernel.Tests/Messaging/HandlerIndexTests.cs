using Microsoft.Extensions.DependencyInjection;
using Modular.Kernel.Messaging;
using Modular.Kernel.Modules;
using Modular.Kernel.Tests.Documents;

namespace Modular.Kernel.Tests.Messaging;

public sealed class HandlerIndexTests
{
    private readonly ServiceCollection services = new();

    [Fact]
    public void A_module_has_one_route_for_each_module_whose_events_it_handles_its_own_included()
    {
        var index = new HandlerIndex(
        [
            Module("shop").Event<ItemAdded>().PublishedEvent<ItemWhispered>().Handle<ItemAdded, MirrorItems>(),
            Module("ledger").Handle<ItemAdded, CountItems>().Handle<ItemAdded, CopyItem>().Handle<ItemWhispered, HearWhisper>(),
            Module("silent"),
        ]);

        Assert.Equal([new EventRoute("shop", "shop"), new EventRoute("ledger", "shop")], index.Routes);
    }

    [Fact]
    public void An_event_that_several_modules_publish_comes_from_each_of_them()
    {
        var index = new HandlerIndex(
        [
            Module("shop").PublishedEvent<ItemWhispered>().PublishedEvent<ItemWhispered>(),
            Module("stall").PublishedEvent<ItemWhispered>(),
            Module("ledger").Handle<ItemWhispered, HearWhisper>(),
        ]);

        Assert.Equal([new EventRoute("ledger", "shop"), new EventRoute("ledger", "stall")], index.Routes);
    }

    [Fact]
    public void An_event_that_no_module_here_declares_comes_from_nowhere()
    {
        Assert.Empty(new HandlerIndex([Module("ledger").Handle<ItemAdded, CountItems>()]).Routes);
    }

    [Fact]
    public void Handlers_are_found_by_the_name_on_the_wire_and_a_module_finds_only_its_own()
    {
        var index = new HandlerIndex(
        [
            Module("shop").Event<ItemAdded>().Handle<ItemAdded, MirrorItems>(),
            Module("ledger").Handle<ItemAdded, CountItems>().Handle<ItemAdded, CopyItem>(),
        ]);

        Assert.Equal(["MirrorItems", "CountItems", "CopyItem"], index.For("item.added").Select(h => h.Name));
        Assert.Equal(["CountItems", "CopyItem"], index.Of("ledger", "item.added").Select(h => h.Name));
        Assert.Empty(index.Of("ledger", "item.invented.later"));
        Assert.Equal("CopyItem", index.Find("ledger", "CopyItem", "item.added")?.Name);
        Assert.Null(index.Find("ledger", "MirrorItems", "item.added"));
    }

    private ModuleStoreBuilder Module(string name) => new(services, name);
}
