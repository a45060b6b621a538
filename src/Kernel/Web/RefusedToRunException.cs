namespace Modular.Kernel.Web;

/// <summary>The host does not start; <see cref="Problems"/> says why, a sentence each.</summary>
public sealed class RefusedToRunException(params IReadOnlyList<string> problems) : Exception(string.Join(Environment.NewLine, problems))
{
    public IReadOnlyList<string> Problems { get; } = problems;

    public static void ThrowIfAny(IReadOnlyList<string> problems)
    {
        if (problems.Count > 0)
            throw new RefusedToRunException(problems);
    }
}
