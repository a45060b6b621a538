using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Modular.Kernel.Messaging;
using Modular.Kernel.Modules;
using Modular.Kernel.Web;

namespace Modular.Kernel.Tests.Web;

/// <summary>Each rule is shown to fail on something deliberately wrong.</summary>
public sealed class WiringTests(RunningHost running) : IClassFixture<RunningHost>
{
    [Fact]
    public void What_the_kernel_and_the_test_module_map_is_decided() =>
        Wiring.Undecided(((IEndpointRouteBuilder)running.Host.App).DataSources.SelectMany(s => s.Endpoints)).ShouldBeEmpty();

    [Fact]
    public async Task An_endpoint_without_an_authorization_decision_is_told()
    {
        await using var app = WebApplication.CreateBuilder().Build();
        app.MapGet("/open", () => "").AllowAnonymous();
        app.MapPost("/forgotten", () => "");
        Wiring.Undecided(((IEndpointRouteBuilder)app).DataSources.SelectMany(s => s.Endpoints)).ShouldHaveSingleItem().ShouldStartWith("POST /forgotten has no authorization decision");
    }

    [Fact]
    public void Module_names_are_lower_case_letters_and_differ() =>
        Wiring.Names([new Named("Bad-1"), new Named("twice"), new Named("twice")]).Count().ShouldBe(2);

    [Fact]
    public void Events_have_a_name_of_their_own_and_an_owner()
    {
        var store = new ModuleStoreBuilder(new ServiceCollection(), "things").Event<Told>().Event<SameName>().Event<Nameless>();
        var problems = Wiring.Events([typeof(Told), typeof(SameName), typeof(Nameless), typeof(Forgotten)], [store]).ToArray();
        problems.Length.ShouldBe(4);
        problems.ShouldContain(p => p.Contains("who may read the streams of things"));
        problems.ShouldContain(p => p.Contains("Nameless has no [Event"));
        problems.ShouldContain(p => p.StartsWith("Several events are called 'thing.told'"));
        problems.ShouldContain(p => p.Contains("Forgotten is declared by no module"));
    }

    [Theory]
    [InlineData(typeof(Sung), typeof(SameAlias), "newthing")]
    [InlineData(typeof(Told), typeof(NameAsAlias), "thing.told")]
    public void Another_name_for_the_plain_socket_is_nobody_elses(Type one, Type other, string name) =>
        Wiring.Events([], [Telling(one, other)]).ShouldHaveSingleItem().ShouldBe($"Several events are called '{name}': {one}, {other}.");

    [Fact]
    public void An_event_with_another_name_for_the_plain_socket_is_known_by_both()
    {
        Wiring.Events([], [Telling(typeof(Sung), typeof(Told))]).ShouldBeEmpty();
        var aliases = new EventAliases([Telling(typeof(Sung)), Telling(typeof(Sung), typeof(Told))]);
        aliases.Of("thing.sung").ShouldBe("newthing");
        aliases.Of("thing.told").ShouldBeNull();
        aliases.Of("newthing").ShouldBeNull();
    }

    [Fact]
    public void A_handler_of_an_event_nobody_declares_is_told()
    {
        var store = new ModuleStoreBuilder(new ServiceCollection(), "things").Handle<Told, Listens>();
        Wiring.Events([], [store]).ShouldHaveSingleItem().ShouldContain("handles thing.told, which no module declares");
    }

    [Fact]
    public void An_event_that_another_module_relays_is_declared_has_a_name_of_its_own_and_reaches_no_handler()
    {
        var store = new ModuleStoreBuilder(new ServiceCollection(), "things").RelayedEvent<Told>();
        Wiring.Events([typeof(Told)], [store]).ShouldBeEmpty();
        Wiring.Events([typeof(Told), typeof(SameName)], [store.RelayedEvent<SameName>()]).ShouldHaveSingleItem().ShouldStartWith("Several events are called 'thing.told'");
        Wiring.Events([typeof(Told)], [new ModuleStoreBuilder(new ServiceCollection(), "things").RelayedEvent<Told>().Handle<Told, Listens>()])
            .ShouldHaveSingleItem().ShouldEndWith("handles thing.told, which no module declares but to be relayed.");
    }

    [Fact]
    public void A_store_says_what_it_holds_of_a_person_or_that_it_holds_nothing_and_why()
    {
        ModuleStoreBuilder silent = Store("silent"), curt = Store("curt").NoPersonalData(" "), both = Store("both").NoPersonalData("Tables only.").PersonalData<Held>();
        Wiring.PersonalData([silent, curt, both, Store("open").PersonalData<Held>(), Store("shut").NoPersonalData("Counts of rooms.")]).ShouldBe(
        [
            "Nobody says what silent holds of a person: its store needs .PersonalData<T>() or .NoPersonalData(\"why\").",
            "Nobody says what curt holds of a person: its store needs .PersonalData<T>() or .NoPersonalData(\"why\").",
            "both says both that it holds something of a person and that it does not.",
        ]);

        static ModuleStoreBuilder Store(string name) => new(new ServiceCollection(), name);
    }

    [Fact]
    public async Task A_host_with_a_store_that_says_nothing_of_people_is_told_so()
    {
        await using var host = await TestHost.StartAsync(builder => builder.AddModuleStore(new Named("silent"), _ => { }));
        host.Wiring().ShouldHaveSingleItem().ShouldStartWith("Nobody says what silent holds of a person");
    }

    private static ModuleStoreBuilder Telling(params Type[] events)
    {
        var store = new ModuleStoreBuilder(new ServiceCollection(), "things");
        store.Events.AddRange(events);
        return store;
    }

    private sealed class Named(string name) : IModule
    {
        public string Name { get; } = name;

        public void AddServices(IHostApplicationBuilder host)
        {
        }

        public void MapEndpoints(IEndpointRouteBuilder routes)
        {
        }
    }

    [Event("thing.told")]
    private sealed record Told(Guid Id) : IEvent
    {
        Guid IEvent.Subject => Id;
    }

    [Event("thing.told")]
    private sealed record SameName(Guid Id) : IEvent
    {
        Guid IEvent.Subject => Id;
    }

    [Event("thing.sung", Alias = "newthing")]
    private sealed record Sung(Guid Id) : IEvent
    {
        Guid IEvent.Subject => Id;
    }

    [Event("thing.hummed", Alias = "newthing")]
    private sealed record SameAlias(Guid Id) : IEvent
    {
        Guid IEvent.Subject => Id;
    }

    [Event("thing.whistled", Alias = "thing.told")]
    private sealed record NameAsAlias(Guid Id) : IEvent
    {
        Guid IEvent.Subject => Id;
    }

    private sealed record Nameless(Guid Id) : IEvent
    {
        Guid IEvent.Subject => Id;
    }

    [Event("thing.forgotten")]
    private sealed record Forgotten(Guid Id) : IEvent
    {
        Guid IEvent.Subject => Id;
    }

    private sealed class Held : IPersonalData
    {
        public ValueTask<object> OfAsync(Guid person, CancellationToken ct) => ValueTask.FromResult(new object());
    }

    private sealed class Listens : IEventHandler<Told>
    {
        public Task HandleAsync(Told happened, EventContext context, CancellationToken ct) => Task.CompletedTask;
    }
}
