using System.Reflection;
using System.Xml.Linq;

namespace Modular.Architecture.Tests;

/// <summary>The modules as they are found on disk and next to the tests, never listed.</summary>
internal static class Solution
{
    public static string Root { get; } =
        typeof(Solution).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(a => a.Key == "Repository").Value!;

    public static IReadOnlyList<string> ModuleFolders { get; } =
        [.. Directory.GetDirectories(Path.Combine(Root, "src", "Modules")).Where(d => !d.EndsWith(".Contracts", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    public static IReadOnlyList<Assembly> Modules { get; } = [.. ModuleFolders.Select(f => Assembly.Load($"Modular.{Path.GetFileName(f)}"))];

    public static IReadOnlyList<Assembly> Contracts { get; } =
        [.. Directory.GetDirectories(Path.Combine(Root, "src", "Modules"), "*.Contracts").Select(f => TryLoad($"Modular.{Path.GetFileName(f)}")).OfType<Assembly>()];

    public static Assembly Canary { get; } = typeof(Canary.CanaryModule).Assembly;

    /// <summary>Each project file with the projects it names, by file name. The compiler drops references that nothing uses; the file does not.</summary>
    public static IEnumerable<(string Project, string Reference)> References(string folder) =>
        from file in Directory.GetFiles(Path.Combine(Root, folder), "*.csproj", SearchOption.AllDirectories)
        from reference in XDocument.Load(file).Descendants("ProjectReference")
        select (Path.GetFileNameWithoutExtension(file), Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')));

    private static Assembly? TryLoad(string name)
    {
        try
        {
            return Assembly.Load(name);
        }
        catch (FileNotFoundException)
        {
            // Contracts that nothing uses yet are not copied next to the tests.
            return null;
        }
    }
}
