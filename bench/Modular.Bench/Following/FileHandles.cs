using System.Globalization;

namespace Modular.Bench.Following;

/// <summary>Each socket takes one. The runtime raises what a process may open to the most it may raise it to, so only that counts.</summary>
internal static class FileHandles
{
    private const int Others = 300;

    /// <exception cref="InvalidOperationException">A process may not open so many.</exception>
    public static void Require(int sockets, string limits = "/proc/self/limits")
    {
        if (Allowed(limits) is { } allowed && allowed < sockets + Others)
            throw new InvalidOperationException(
                $"{sockets} sockets need {sockets + Others} open files a process and {allowed} are allowed. Raise it (ulimit -n {sockets + Others}, the hard limit), or take more --processes.");
    }

    /// <summary>Null where there is no /proc or no limit.</summary>
    private static long? Allowed(string limits) =>
        File.Exists(limits)
        && File.ReadLines(limits).FirstOrDefault(line => line.StartsWith("Max open files", StringComparison.Ordinal)) is { } line
        && long.TryParse(line["Max open files".Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0], CultureInfo.InvariantCulture, out var allowed)
            ? allowed : null;
}
