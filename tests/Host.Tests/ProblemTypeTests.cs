using System.Text.RegularExpressions;

namespace Modular.Host.Tests;

public sealed partial class ProblemTypeTests
{
    [Fact]
    public async Task Every_problem_type_in_the_code_stands_in_the_contract()
    {
        var contract = await File.ReadAllTextAsync(Path.Combine(Places.Root, "docs", "wire.md"));
        var sources = Directory.EnumerateFiles(Path.Combine(Places.Root, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal));
        var types = sources.SelectMany(f => Types(File.ReadAllText(f))).Distinct(StringComparer.Ordinal).ToArray();

        Assert.Contains("cross-origin", types);         // found by the scan, so the scan works
        Assert.Contains("outcome-unknown", types);
        Assert.Contains("question-not-found", types);
        Assert.Equal("", string.Join(", ", types.Where(t => !contract.Contains($"`{t}`", StringComparison.Ordinal))));
    }

    [Fact]
    public void The_scan_sees_a_type_that_nobody_has_written_down() =>
        Assert.Equal(["made-up"], Types("""return Refused.Conflict("made-up", "No.");"""));

    private static IEnumerable<string> Types(string source) =>
        ProblemType().Matches(source).Select(m => m.Groups["type"].Value);

    [GeneratedRegex(
        """(Refused\.\w+\(|StreamAccess\.No\(|DeadCredentials\(|RefuseAsync\(http, |Status\d\d\d\w+, |new\([45]\d\d, |[45]\d\d => \()\s*"(?<type>[a-z][a-z-]+)",""",
        RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex ProblemType();
}
