using System.Diagnostics;
using System.Text.Json;

namespace Modular.Bench.Generating;

/// <summary>
/// A generator as a process of its own and lean, because it shares the machine with what it measures: one socket thread that runs
/// completions itself. Both sides speak JSON, a line each.
/// </summary>
internal sealed class GeneratorProcess : IAsyncDisposable
{
    private readonly Process process;

    private GeneratorProcess(Process process) => this.process = process;

    public static GeneratorProcess Start() => new(Process.Start(new ProcessStartInfo(
        "dotnet", [typeof(GeneratorProcess).Assembly.Location, LoadGenerator.Name])
    {
        UseShellExecute = false,
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        Environment =
        {
            ["DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS"] = "1",
            ["DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT"] = "1",
            ["DOTNET_gcConcurrent"] = "0",
            ["DOTNET_TieredPGO"] = "0",
        },
    })!);

    public async Task TellAsync<T>(T what)
    {
        await process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(what));
        await process.StandardInput.FlushAsync();
    }

    /// <exception cref="InvalidOperationException">It has ended; its error output says why.</exception>
    public async Task<T> HearAsync<T>() =>
        await process.StandardOutput.ReadLineAsync() is { } line ? JsonSerializer.Deserialize<T>(line)! : throw new InvalidOperationException("A generator has ended without a result.");

    public async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
        }

        process.Dispose();
    }
}
