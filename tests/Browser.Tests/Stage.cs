using Microsoft.Playwright;
using Modular.Testing;

[assembly: AssemblyFixture(typeof(Modular.Browser.Tests.Stage))]

namespace Modular.Browser.Tests;

/// <summary>What every scenario plays on: one host process with a database of its own, and one Chromium.</summary>
public sealed class Stage : IAsyncLifetime
{
    private IPlaywright playwright = null!;
    private TestDatabase database = null!;
    private HostProcess host = null!;

    public IBrowser Browser { get; private set; } = null!;

    public Uri Address => host.Address;

    public async ValueTask InitializeAsync()
    {
        Places.RequireBuiltPage();
        // Only a failure takes this long: two cores may have other work beside a browser with twenty pages.
        Assertions.SetDefaultExpectTimeout(60_000);
        database = await TestDatabase.CreateAsync();
        var starting = HostProcess.StartAsync(database.ConnectionString);
        playwright = await Playwright.CreateAsync();
        Browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Places.Chromium,
            Headless = true,
            // Chromium refuses its sandbox to root, and only to root.
            ChromiumSandbox = !Environment.IsPrivilegedProcess,
            // All pages are ours: a process for each site, and a spare one, would cost more than the pages do. Nobody looks at a screen.
            Args = ["--disable-site-isolation-trials", "--disable-gpu"],
        });
        host = await starting;
    }

    public async ValueTask DisposeAsync()
    {
        await Browser.DisposeAsync();
        playwright.Dispose();
        await host.DisposeAsync();
        await database.DisposeAsync();
    }
}
