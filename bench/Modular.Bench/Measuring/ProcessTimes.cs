using System.Diagnostics;
using System.Globalization;

namespace Modular.Bench.Measuring;

/// <summary>Processor time that processes have used, in seconds.</summary>
internal static class ProcessTimes
{
    public static double Of(int pid)
    {
        using var process = Process.GetProcessById(pid);
        return process.TotalProcessorTime.TotalSeconds;
    }

    /// <summary>A Postgres server's with all its backends, living and ended, from one backend's id; null where there is no /proc.</summary>
    public static double? OfServer(int backend)
    {
        if (Stat(backend) is not [_, var parent, ..])
            return null;
        var children = Directory.EnumerateDirectories("/proc")
            .Select(directory => int.TryParse(Path.GetFileName(directory), CultureInfo.InvariantCulture, out var pid) ? Stat(pid) : null)
            .Where(stat => stat is [_, var of, ..] && of == parent);
        return (children.Sum(Own) + (Stat((int)parent) is { } server ? Own(server) + server[13] + server[14] : 0)) / 100.0;
    }

    /// <summary>Of all that run on the machine together; null where there is no /proc.</summary>
    public static double? OfMachine()
    {
        const string stat = "/proc/stat";
        if (!File.Exists(stat))
            return null;
        // proc(5): user nice system idle iowait irq softirq steal
        var ticks = File.ReadLines(stat).First().Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(long.Parse).ToArray();
        return (ticks[0] + ticks[1] + ticks[2] + ticks[5] + ticks[6]) / 100.0;
    }

    private static double Own(long[]? stat) => stat![11] + stat[12];

    /// <summary>The numbers of /proc/PID/stat from the state on (proc(5)): [1] parent, [11] and [12] own ticks, [13] and [14] those of ended children.</summary>
    private static long[]? Stat(int pid)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{pid.ToString(CultureInfo.InvariantCulture)}/stat");
            return [.. text[(text.LastIndexOf(')') + 2)..].Split(' ').Take(15).Select(word => long.TryParse(word, CultureInfo.InvariantCulture, out var n) ? n : 0)];
        }
        catch (IOException)
        {
            return null;    // no /proc here, or the process has just ended
        }
    }
}
