using System.Runtime.CompilerServices;

namespace Modular.Kernel.Documents;

public static class DocumentPages
{
    private const int PageSize = 200;

    /// <summary>
    /// All documents of a query in the order of their ids, a page at a time, so that memory is bounded however many there are. No
    /// connection is held between pages: whoever reads them slowly keeps nobody waiting.
    /// </summary>
    /// <param name="page">Its SQL from <c>where</c> on, for example <c>(after, most) => $"where user_id = {user} and id > {after} order by id limit {most}"</c>.</param>
    public static async IAsyncEnumerable<T> ReadAllAsync<T>(
        this IDocumentStore store, Func<Guid, int, FormattableString> page, [EnumeratorCancellation] CancellationToken ct = default) where T : Document
    {
        for (var last = Guid.Empty; ;)
        {
            var found = await store.OpenSession().QueryAsync<T>(page(last, PageSize), ct);
            foreach (var document in found)
                yield return document;
            if (found.Count < PageSize)
                yield break;
            last = found[^1].Id;
        }
    }
}
