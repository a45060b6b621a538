using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Modular.Browser.Tests;

/// <summary>What people do on the pages about their accounts.</summary>
internal static class Accounts
{
    public const string Password = "correct horse battery";

    /// <summary>An address that nobody else in these tests has.</summary>
    public static string Email(string name) => $"{name}-{Guid.NewGuid():n}@example.org";

    public static ILocator Input(this Person person, string label) => person.Page.GetByLabel(label, new() { Exact = true });

    public static ILocator Link(this Person person, string name) => person.Page.GetByRole(AriaRole.Link, new() { Name = name, Exact = true });

    public static ILocator Text(this Person person, string text) => person.Page.GetByText(text);

    public static ILocator Alert(this Person person) => person.Page.GetByRole(AriaRole.Alert);

    public static Task GoesToAsync(this Person person, string path) => person.OpensAsync(new Uri(new Uri(person.Page.Url), path).ToString());

    /// <summary>From the room, where the browser is afterwards too.</summary>
    public static async Task RegistersAsync(this Person person, string email)
    {
        await person.GoesToAsync("/register");
        await person.Input("E-mail").FillAsync(email);
        await person.Input("Password").FillAsync(Password);
        await person.Button("Register").ClickAsync();
        await person.IsBackAsync();
    }

    public static async Task SignsInAsync(this Person person, string email, string password = Password)
    {
        await person.GoesToAsync("/sign-in");
        await person.Input("E-mail").FillAsync(email);
        await person.Input("Password").FillAsync(password);
        await person.Page.Keyboard.PressAsync("Enter");
    }

    /// <summary>In the room one came from.</summary>
    public static async Task IsBackAsync(this Person person)
    {
        await Expect(person.Page.Locator("main.account")).ToHaveCountAsync(0);
        // The header comes with the skeletons: before it there are none either.
        await Expect(person.Page.Locator(".pill")).ToBeVisibleAsync();
        await Expect(person.Page.Locator(".skeleton")).ToHaveCountAsync(0);
    }

    /// <summary>The server does what the next such request asks for; the page hears nothing of it.</summary>
    public static Task LosesTheAnswerOfAsync(this Person person, string address)
    {
        var lost = 0;
        return person.Page.RouteAsync(address, async route =>
        {
            if (Interlocked.Increment(ref lost) > 1)
            {
                await route.ContinueAsync();
                return;
            }

            await route.FetchAsync();
            await route.AbortAsync();
        });
    }

    /// <summary>What Chromium says of answers that are part of the scenario.</summary>
    public static void Expects(this Person person, int status, string path)
    {
        var before = person.Expected;
        person.Expected = said => before(said)
            || (said.Contains($"{status}", StringComparison.Ordinal) && said.Contains(path, StringComparison.Ordinal));
    }

    /// <summary>The same, by words of which what it says has one.</summary>
    public static void Expects(this Person person, params string[] words)
    {
        var before = person.Expected;
        person.Expected = said => before(said) || words.Any(word => said.Contains(word, StringComparison.Ordinal));
    }

    /// <summary>What Chromium says when the session ends: of requests, and of the socket that comes back.</summary>
    public static void ExpectsItsSessionToEnd(this Person person) =>
        person.Expected = said => new[] { "401", "HTTP Authentication failed" }.Any(word => said.Contains(word, StringComparison.Ordinal));
}
