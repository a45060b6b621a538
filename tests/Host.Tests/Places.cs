namespace Modular.Host.Tests;

internal static class Places
{
    /// <summary>The root of the clone these tests were built in.</summary>
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    private static string Find(string directory) =>
        File.Exists(Path.Combine(directory, "Modular.sln")) ? directory
        : Find(Path.GetDirectoryName(directory) ?? throw new InvalidOperationException($"No Modular.sln above {AppContext.BaseDirectory}."));
}
