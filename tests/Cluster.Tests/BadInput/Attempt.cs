using Modular.Cluster.Tests.Api;
using Modular.Testing;

namespace Modular.Cluster.Tests.BadInput;

/// <summary>One wrong request and the statuses that answer it.</summary>
internal sealed record Attempt(Operation Operation, string What, Func<HttpRequestMessage> Request, params int[] Statuses)
{
    /// <summary>What is wrong with the answer; nothing for a problem as the wire describes it.</summary>
    public IEnumerable<string> Complaints(Answer answer)
    {
        var about = $"{Operation.Key}, {What}";
        if (!Statuses.Contains(answer.Status))
        {
            yield return $"{about}: {answer.Status} instead of {string.Join(" or ", Statuses)}: {answer.Text}";
            yield break;
        }

        foreach (var complaint in ProblemShape.Complaints(answer))
            yield return $"{about}: {complaint}: {answer.Text}";
    }
}
