namespace Modular.Browser.Tests;

/// <summary>Where things are that these tests need and did not build.</summary>
internal static class Places
{
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    public static string Chromium =>
        Environment.GetEnvironmentVariable("CHROME_PATH")
        ?? throw new InvalidOperationException("CHROME_PATH is not set. Run the tests with ./dev test, or set it to the path of a Chromium or Chrome.");

    /// <summary>Source of axe-core, which finds what people with impaired sight or without a mouse cannot use.</summary>
    public static string Axe => Read(Path.Combine(Root, "src", "Web", "node_modules", "axe-core", "axe.min.js"), "axe-core is not installed: run npm ci in src/Web.");

    /// <summary>Where pictures for people to look at go; null: nobody wants them, and each costs a browser what several clicks do.</summary>
    public static string? Pictures => Environment.GetEnvironmentVariable("MODULAR_TEST_PICTURES");

    /// <summary>Where it is kept what a failed scenario looked like.</summary>
    public static string? Results => Environment.GetEnvironmentVariable("MODULAR_TEST_RESULTS");

    /// <exception cref="InvalidOperationException">The host beside these tests has no page to serve.</exception>
    public static void RequireBuiltPage() => Read(
        Path.Combine(AppContext.BaseDirectory, "wwwroot", "index.html"),
        "The page is not built into the host: run npm ci && npm run build in src/Web, then build this project again (./dev test does both).");

    private static string Read(string file, string orElse) =>
        File.Exists(file) ? File.ReadAllText(file) : throw new InvalidOperationException($"{orElse} There is no {file}.");

    private static string Find(string directory) =>
        File.Exists(Path.Combine(directory, "Modular.sln")) ? directory
        : Find(Path.GetDirectoryName(directory) ?? throw new InvalidOperationException($"No Modular.sln above {AppContext.BaseDirectory}."));
}
