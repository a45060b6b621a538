using System.Diagnostics.CodeAnalysis;
using Modular.Kernel.Documents;

namespace Modular.Kernel.Web;

/// <summary>A list's answer: subscribing to <paramref name="Stream"/> after its number misses nothing that is not among the items.</summary>
/// <param name="Next">What to ask for as <c>after</c>; null at the end. Clients do not look inside.</param>
/// <param name="Stream">Read no later than the items; null where no stream tells of changes.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next, StreamPosition? Stream);

/// <summary>How many items a list answers with.</summary>
public static class PageLimit
{
    private const int Usual = 50;
    private const int Most = 100;

    /// <summary>False, with the reason, outside 1 to 100: no silent cut.</summary>
    public static bool TryRead(int? asked, out int limit, [NotNullWhen(false)] out Refused? wrong)
    {
        limit = asked ?? Usual;
        wrong = limit is >= 1 and <= Most ? null : Refused.Input("limit-out-of-range", "limit", $"Limit must be from 1 to {Most}");
        return wrong is null;
    }
}
