using System.Collections.Concurrent;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Modular.Browser.Tests;

/// <summary>
/// A person with a browser profile of their own. What the browser complains about (errors of the page, violations of
/// its content security policy, failed requests) fails the scenario in the end, unless it was said to be expected.
/// </summary>
public sealed class Person
{
    private readonly ConcurrentQueue<string> complaints = new();
    private readonly IBrowserContext context;

    private Person(IBrowserContext context, IPage page) => (this.context, Page) = (context, page);

    public IPage Page { get; }

    public ILocator Cards => Page.Locator("#questions .card");

    public ILocator Answered => Page.Locator("details.answered");

    public ILocator AskButton => Page.GetByRole(AriaRole.Button, new() { Name = "Ask a question" });

    public ILocator Sheet => Page.GetByRole(AriaRole.Dialog, new() { Name = "Ask a question" });

    public ILocator Field => Sheet.GetByLabel("Your question");

    public ILocator Send => Sheet.GetByRole(AriaRole.Button, new() { Name = "Send" });

    /// <summary>Which complaints are part of the scenario.</summary>
    public Func<string, bool> Expected { get; set; } = _ => false;

    public static async Task<Person> WithAsync(IBrowser browser, Action<BrowserNewContextOptions>? options = null)
    {
        var profile = new BrowserNewContextOptions { ViewportSize = new() { Width = 1280, Height = 800 }, Locale = "en-GB" };
        options?.Invoke(profile);
        var own = await browser.NewContextAsync(profile);
        own.SetDefaultTimeout(60_000);
        var person = new Person(own, await own.NewPageAsync());
        person.Listen();
        return person;
    }

    /// <param name="by">Another address of the room than its plain one.</param>
    public async Task EntersAsync(Room room, string? by = null)
    {
        await Page.GotoAsync(by ?? room.Page.ToString());
        await Expect(Page.GetByText($"#{room.Code}")).ToBeVisibleAsync();
        await Expect(Page.Locator(".skeleton")).ToHaveCountAsync(0);
    }

    /// <summary>Opens a page that is no room's, and waits until it knows who is there.</summary>
    public async Task OpensAsync(string address)
    {
        // An address that differs behind the # only does not load anything by itself.
        if (IsAt(address))
            await Page.GotoAsync("about:blank");
        await Page.GotoAsync(address);
        await Expect(Page.Locator("main.account")).ToBeVisibleAsync();
        await Expect(Page.Locator("[aria-busy=true]")).ToHaveCountAsync(0);
    }

    /// <summary>The room once more, beside this page and in the same browser.</summary>
    public async Task<IPage> AnotherTabAsync(Room room)
    {
        var tab = await context.NewPageAsync();
        await tab.GotoAsync(room.Page.ToString());
        await Expect(tab.GetByText($"#{room.Code}")).ToBeVisibleAsync();
        return tab;
    }

    /// <summary>Enters as the room's host, as after following the host's link.</summary>
    public async Task EntersAsHostAsync(Room room)
    {
        var cookie = room.HostCookie;
        await context.AddCookiesAsync([new() { Name = cookie.Name, Value = cookie.Value, Url = room.Page.GetLeftPart(UriPartial.Authority), HttpOnly = true }]);
        await EntersAsync(room);
    }

    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    /// <summary>The switch between orders: what one sees and hits is the label, the radio button lies unseen in it.</summary>
    public ILocator Order(string name) => Page.Locator(".segments label", new() { HasText = name });

    public ILocator Card(string body) => Page.Locator(".card", new() { Has = Page.GetByText(body, new() { Exact = true }) });

    public ILocator Vote(string body) => Card(body).GetByRole(AriaRole.Button, new() { Name = "Vote," });

    public async Task AskAsync(string body)
    {
        await AskButton.ClickAsync();
        await Field.FillAsync(body);
        await Send.ClickAsync();
    }

    public async Task SeesVotesAsync(string body, int votes, bool own)
    {
        await Expect(Vote(body).Locator("b")).ToHaveTextAsync($"{votes}");
        await Expect(Vote(body)).ToHaveAttributeAsync("aria-pressed", own ? "true" : "false");
    }

    /// <summary>The questions in the order the list shows them.</summary>
    public Task SeesInOrderAsync(params string[] bodies) => Expect(Cards.Locator(".card-body")).ToHaveTextAsync(bodies);

    /// <summary>A picture for people to look at, where they want one.</summary>
    public Task PictureAsync(string name, bool whole = false) => PictureAsync(Places.Pictures, name, whole);

    /// <summary>What a scenario that failed looked like to this person.</summary>
    public Task FailureAsync(string name) => PictureAsync(Places.Results, name, whole: false);

    /// <summary>Leaves; answers what the browser complained about meanwhile.</summary>
    public async Task<IReadOnlyList<string>> LeavesAsync()
    {
        await context.CloseAsync();
        return [.. complaints.Where(one => !Expected(one))];
    }

    private async Task PictureAsync(string? directory, string name, bool whole)
    {
        if (directory is not null)
            await Page.ScreenshotAsync(new() { Path = Path.Combine(directory, $"{name}.png"), FullPage = whole, Animations = ScreenshotAnimations.Disabled });
    }

    private bool IsAt(string address) => new Uri(Page.Url).GetLeftPart(UriPartial.Query) == new Uri(address).GetLeftPart(UriPartial.Query);

    private void Listen()
    {
        Page.PageError += (_, error) => complaints.Enqueue($"The page threw: {error}");
        Page.Console += (_, said) =>
        {
            if (said.Type is "error" or "warning" && !IsNobodyYet(said))
                complaints.Enqueue($"{said.Text} ({said.Location})");
        };
    }

    /// <summary>Chromium reports every 4xx as an error; this one is the answer to "who am I" before the first act.</summary>
    private static bool IsNobodyYet(IConsoleMessage said) =>
        said.Location.Contains("/api/users/me", StringComparison.Ordinal) && said.Text.Contains("401", StringComparison.Ordinal);
}
