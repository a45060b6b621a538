using System.Text.Json;

namespace Modular.Host.Tests;

public sealed class StartingTests
{
    private static readonly (string, string) Secret = ("Modules__Users__Secret", "0123456789012345678901234567890123456789");

    [Fact]
    public async Task Every_missing_or_wrong_setting_is_told_in_a_sentence_of_its_own()
    {
        await using var host = new HostProcess("serve",
            ("Public__Url", "ask.example"), ("Limits__Body", "-1"), ("Drain__Grace", "10"), ("Proxies__Known__0", "everyone"), ("Logging__Format", "xml"),
            ("Otel__Endpoint", "http://me:secret@collector:4318"), ("Otel__Protocol", "udp"), ("Otel__Sampling", "10"), ("Otel__TracesPerSecond", "0"));
        Assert.NotEqual(0, await host.ExitCodeAsync());
        var said = host.Errors;
        string[] settings =
        [
            "Database:ConnectionString", "Modules:Users:Secret", "Public:Url", "Limits:Body", "Drain:Grace", "Proxies:Known", "Logging:Format",
            "Otel:Endpoint", "Otel:Protocol", "Otel:Sampling", "Otel:TracesPerSecond",
        ];
        foreach (var setting in settings)
            Assert.Single(said.Split('\n'), line => line.Contains(setting, StringComparison.Ordinal) && line.TrimEnd().EndsWith('.'));
        Assert.DoesNotContain("   at ", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Database__ConnectionString", "what is this")]
    [InlineData("Limits__Body", "much")]
    [InlineData("Modules__Users__Secret", "short")]
    public async Task A_value_that_cannot_be_read_is_told(string name, string value)
    {
        await using var host = new HostProcess("migrate", [("Database__ConnectionString", "Host=127.0.0.1"), Secret, (name, value)]);
        Assert.NotEqual(0, await host.ExitCodeAsync());
        Assert.Contains(name.Replace("__", ":", StringComparison.Ordinal), host.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", host.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_its_database_the_host_says_so_and_ends()
    {
        await using var host = new HostProcess("serve", ("Database__ConnectionString", "Host=127.0.0.1;Port=1;Username=x;Password=hush"),
            ("Database__StartTimeoutSeconds", "1"), ("ASPNETCORE_URLS", "http://127.0.0.1:0"), Secret);
        Assert.NotEqual(0, await host.ExitCodeAsync());
        Assert.Contains("database", host.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", host.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", host.Errors + host.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_version_is_told_without_any_setting()
    {
        await using var host = new HostProcess("version");
        Assert.Equal(0, await host.ExitCodeAsync());
        Assert.StartsWith("modular ", host.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_committed_OpenAPI_document_is_the_one_the_host_serves()
    {
        await using var host = new HostProcess("openapi");
        Assert.Equal(0, await host.ExitCodeAsync());
        var served = host.Output.ReplaceLineEndings("\n").TrimEnd();
        var committed = (await File.ReadAllTextAsync(Path.Combine(Places.Root, "docs", "openapi", "v1.json"))).TrimEnd();
        Assert.True(served == committed, "The API has changed. If that is meant: dotnet run --project src/Host -- openapi > docs/openapi/v1.json");
        using var document = JsonDocument.Parse(served);
        Assert.NotEmpty(document.RootElement.GetProperty("paths").EnumerateObject());
    }
}
