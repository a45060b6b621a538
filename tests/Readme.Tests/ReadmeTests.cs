using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Modular.Readme.Tests;

/// <summary>What the README says, done: its commands are run as they stand there, only on another port.</summary>
public sealed class ReadmeTests
{
    [Fact]
    public async Task Every_block_of_the_README_works_and_stopping_leaves_nothing_behind()
    {
        await using var product = new Product();
        await product.InitializeAsync();

        var commands = Readme.Blocks.Where(b => b.Language == "sh" && b.Text.StartsWith("./dev", StringComparison.Ordinal)).ToArray();
        // The tool's own tests run the last one.
        Assert.Equal(["./dev up", "./dev test", "./dev up --replicas 2"], commands.Select(c => c.Text.Split('#')[0].Trim()));
        await product.RunAsync("sh", ["-c", $"cd '{Readme.Root}' && ./dev help test"]);

        var curls = Readme.Blocks.Where(b => b.Language == "sh" && b.Text.Contains("curl", StringComparison.Ordinal)).ToArray();
        Assert.NotEmpty(curls);
        foreach (var (_, text) in curls)
        {
            var output = await product.RunAsync("bash", ["-euc", text.Replace("http://127.0.0.1:8080", product.Url, StringComparison.Ordinal)]);
            foreach (var answer in output.Replace("}{", "}\n{", StringComparison.Ordinal).Split('\n', StringSplitOptions.RemoveEmptyEntries))
                Assert.True(JsonNode.Parse(answer) is JsonObject o && !o.ContainsKey("type"), answer);
        }

        await FollowsAsync(product, Assert.Single(Readme.Blocks, b => b.Language == "js").Text);

        Assert.Equal(0, await product.StopAsync());
        Assert.Empty(product.Left());
    }

    /// <summary>The hub example, in a folder that has the package, sees a question asked after it started.</summary>
    private static async Task FollowsAsync(Product product, string example)
    {
        Directory.CreateSymbolicLink(Path.Combine(product.Folder, "node_modules"), Path.Combine(Readme.Root, "src", "Web", "node_modules"));
        await File.WriteAllTextAsync(Path.Combine(product.Folder, "live.mjs"), example);
        using var live = product.Start("node", ["live.mjs"], product.Folder);
        try
        {
            await PrintsAsync(live, "following questions/");
            using var http = new HttpClient();
            using var body = new StringContent("""{"body":"Is this live?"}""", null, "application/json");
            (await http.PostAsync($"{product.Url}/api/questions", body)).EnsureSuccessStatusCode();
            await PrintsAsync(live, "question.asked Is this live?");
        }
        finally
        {
            live.Kill();
        }
    }

    private static async Task PrintsAsync(Process program, string text)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var printed = new List<string>();
        while (await program.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            printed.Add(line);
            if (line.Contains(text, StringComparison.Ordinal))
                return;
        }

        Assert.Fail($"It ended without printing '{text}':\n{string.Join('\n', printed)}\n{await program.StandardError.ReadToEndAsync(patience.Token)}");
    }
}
