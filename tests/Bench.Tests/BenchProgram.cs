using System.Diagnostics;
using System.Text.Json;

namespace Modular.Bench.Tests;

/// <summary>The program as ./dev bench runs it.</summary>
internal static class BenchProgram
{
    /// <summary>What it wrote; it must have ended well.</summary>
    public static async Task<string> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Modular.Bench.dll"), .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                // What a deployed host is to answer in seconds may take longer here, where several of these run side by side.
                ["Database__QueueTimeoutMs"] = "60000",
                ["Database__OutcomeTimeoutMs"] = "60000",
            },
        };
        using var bench = Process.Start(start)!;
        try
        {
            var (output, trouble) = (bench.StandardOutput.ReadToEndAsync(), bench.StandardError.ReadToEndAsync());
            await bench.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromMinutes(6), TestContext.Current.CancellationToken);
            bench.ExitCode.ShouldBe(0, await trouble);
            return await output;
        }
        finally
        {
            if (!bench.HasExited)
                bench.Kill(entireProcessTree: true);
        }
    }

    /// <summary>The runs in it, a line of JSON each.</summary>
    public static JsonElement[] RunsIn(string output) =>
        [.. output.Split('\n').Where(line => line.StartsWith('{')).Select(line => JsonDocument.Parse(line).RootElement)];
}
