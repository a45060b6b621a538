using System.Runtime.InteropServices;

namespace Modular.Users.Accounts;

/// <summary>Lets a thread give way to all others that want its processor.</summary>
internal static class Courtesy
{
    /// <summary>Half-way to the least: of a processor two want it gets a tenth, of one nobody else wants all (sched(7), "The nice value").</summary>
    private const int Nice = 10;

    /// <summary>For the rest of the calling thread's life. .NET's own thread priorities do nothing on Linux.</summary>
    public static void GiveWay()
    {
        if (OperatingSystem.IsLinux())
            _ = SetPriority(0, 0, Nice);    // the calling thread alone, which Linux counts as a process (setpriority(2)); being nicer is never refused
        else
            Thread.CurrentThread.Priority = ThreadPriority.BelowNormal;
    }

    [DllImport("libc", EntryPoint = "setpriority")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetPriority(int which, uint who, int priority);
}
