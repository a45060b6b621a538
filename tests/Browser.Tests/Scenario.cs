using Microsoft.Playwright;

namespace Modular.Browser.Tests;

/// <summary>The rooms and people of one test. In the end they leave, and nobody's browser may have complained.</summary>
public abstract class Scenario(Stage stage) : IAsyncLifetime
{
    private readonly List<Room> rooms = [];
    private readonly List<Person> people = [];

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (TestContext.Current.TestState?.Result == TestResult.Failed)
            await Task.WhenAll(people.Select((one, at) => one.FailureAsync($"failed {TestContext.Current.TestMethod?.MethodName} {at + 1}")));
        foreach (var room in rooms)
            room.Dispose();
        var complaints = await Task.WhenAll(people.Select(one => one.LeavesAsync()));
        Eyes.Nothing([.. complaints.SelectMany(one => one)]);
    }

    /// <summary>A room that nobody else uses.</summary>
    protected async Task<Room> RoomAsync(string title = "Town hall", Uri? at = null)
    {
        var room = await Room.OpenAsync(at ?? stage.Address, title);
        rooms.Add(room);
        return room;
    }

    /// <summary>Somebody who has never been here and opens the room's page.</summary>
    protected async Task<Person> GuestAsync(Room room, Action<BrowserNewContextOptions>? options = null)
    {
        var guest = await PersonAsync(options);
        await guest.EntersAsync(room);
        return guest;
    }

    protected async Task<Person> HostAsync(Room room, Action<BrowserNewContextOptions>? options = null)
    {
        var host = await PersonAsync(options);
        await host.EntersAsHostAsync(room);
        return host;
    }

    /// <summary>Somebody who has never been here and opens the room's host link.</summary>
    protected async Task<Person> HostByLinkAsync(Room room)
    {
        var host = await PersonAsync(options: null);
        await host.EntersAsync(room, room.HostLink);
        return host;
    }

    /// <summary>Somebody who has never been here and opens a page that is no room's.</summary>
    protected async Task<Person> VisitorAsync(string path, Action<BrowserNewContextOptions>? options = null)
    {
        var visitor = await PersonAsync(options);
        await visitor.OpensAsync(new Uri(stage.Address, path).ToString());
        return visitor;
    }

    /// <summary>A browser profile for whoever needs nothing of ours.</summary>
    protected Task<IBrowserContext> ProfileAsync() => stage.Browser.NewContextAsync();

    private async Task<Person> PersonAsync(Action<BrowserNewContextOptions>? options)
    {
        var person = await Person.WithAsync(stage.Browser, options);
        people.Add(person);
        return person;
    }
}
