namespace Modular.Kernel.Tests.Web;

public sealed class PageTests : IAsyncLifetime
{
    private readonly string root = Directory.CreateTempSubdirectory("pages-").FullName;
    private TestHost host = null!;

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(Path.Combine(root, "assets"));
        await File.WriteAllTextAsync(Path.Combine(root, "index.html"), "<!doctype html><title>the app</title>");
        await File.WriteAllTextAsync(Path.Combine(root, "assets", "app-3f2a.js"), "1");
        await File.WriteAllTextAsync(Path.Combine(root, "favicon.svg"), "<svg/>");
        host = await TestHost.StartAsync(webRoot: root);
    }

    public async ValueTask DisposeAsync()
    {
        await host.DisposeAsync();
        Directory.Delete(root, recursive: true);
    }

    [Theory]
    [InlineData("/", 200, "no-cache")]
    [InlineData("/r/ABC234", 200, "no-cache")]
    [InlineData("/me", 200, "no-cache")]
    [InlineData("/sign-in", 200, "no-cache")]
    [InlineData("/register", 200, "no-cache")]
    [InlineData("/verify", 200, "no-cache")]
    [InlineData("/reset", 200, "no-cache")]
    [InlineData("/setup", 200, "no-cache")]
    [InlineData("/admin/people", 200, "no-cache")]
    [InlineData("/admin", 404, "no-store")]
    [InlineData("/favicon.svg", 200, "no-cache")]
    [InlineData("/assets/app-3f2a.js", 200, "public, max-age=31536000, immutable")]
    [InlineData("/assets/gone.js", 404, "no-store")]
    [InlineData("/r/ABC234/more", 404, "no-store")]
    [InlineData("/../appsettings.json", 404, "no-store")]
    public async Task The_app_is_served_for_rooms_and_accounts_and_only_hashed_files_are_kept_for_good(string path, int status, string cache)
    {
        var answer = await host.GetAsync(path);
        answer.Status.ShouldBe(status);
        answer.Header("Cache-Control").ShouldBe(cache);
        if (cache == "no-cache" && !path.EndsWith(".svg", StringComparison.Ordinal))
            answer.Body.ShouldContain("the app");
    }

    [Fact]
    public async Task Without_a_built_app_the_root_says_so()
    {
        await using var bare = await TestHost.StartAsync(webRoot: Path.Combine(root, "assets"));
        (await bare.GetAsync("/")).Body.ShouldContain("has not been built");
    }
}
