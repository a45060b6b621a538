using System.Reflection;
using System.Text.RegularExpressions;

namespace Modular.Readme.Tests;

/// <summary>The fenced blocks of README.md, in order.</summary>
internal static partial class Readme
{
    public static string Root { get; } =
        typeof(Readme).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(a => a.Key == "Repository").Value!;

    public static IReadOnlyList<(string Language, string Text)> Blocks { get; } =
        [.. Fence().Matches(File.ReadAllText(Path.Combine(Root, "README.md"))).Select(m => (m.Groups["language"].Value, m.Groups["text"].Value))];

    [GeneratedRegex("^```(?<language>\\w+)\n(?<text>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Fence();
}
