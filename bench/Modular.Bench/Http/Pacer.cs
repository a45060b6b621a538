using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Threading.Channels;
using Modular.Bench.Measuring;

namespace Modular.Bench.Http;

/// <summary>
/// An open loop: requests fall due at a steady rate whether or not earlier ones have been answered, and one that must
/// wait for a free connection has been waiting since it fell due.
/// </summary>
internal static partial class Pacer
{
    /// <summary>
    /// Due instants until the window ends, none of the window's left out by who begins late. Whoever waits for one sends on the pacing thread, so nothing
    /// lies between the instant and the socket.
    /// </summary>
    public static ChannelReader<long> Start(double rate, Window window)
    {
        var due = Channel.CreateUnbounded<long>(new UnboundedChannelOptions { SingleWriter = true, AllowSynchronousContinuations = true });
        var began = Math.Min(Stopwatch.GetTimestamp(), window.Begin);
        new Thread(() => Run(due.Writer, began, Stopwatch.Frequency / rate, window)) { IsBackground = true, Name = "pacer" }.Start();
        return due.Reader;
    }

    /// <summary>The n-th instant, reckoned from the first: rounding must not add up.</summary>
    internal static long Due(long began, double interval, long n) => began + (long)(interval * n);

    private static void Run(ChannelWriter<long> due, long began, double interval, Window window)
    {
        for (long n = 1; Due(began, interval, n) is var instant && !window.IsOver(instant); n++)
        {
            while (Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), instant) is var early && early > TimeSpan.Zero)
                _ = Sleep((uint)Math.Max(1, early.TotalMicroseconds));
            due.TryWrite(instant);
        }

        due.Complete();
    }

    /// <summary>Thread.Sleep knows milliseconds only, and spinning would take the time from what is measured.</summary>
    [LibraryImport("libc", EntryPoint = "usleep")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Sleep(uint microseconds);
}
