using Modular.Kernel.Documents;
using Modular.Kernel.Web;
using Modular.Questions.Contracts;

namespace Modular.Questions.Reading;

/// <param name="Search">Case does not count; empty for all.</param>
/// <param name="Label">Empty for all.</param>
internal sealed record QuestionFilter(Guid Room, QuestionState State, string Search, string Label);

internal sealed record QuestionPage(IReadOnlyList<Question> Items, Cursor? Next, StreamPosition Stream);

/// <summary>Pages in an order that nobody changes: each begins right behind the last item of the one before.</summary>
internal static class QuestionPages
{
    private static readonly Guid BehindAll = new("ffffffff-ffff-ffff-ffff-ffffffffffff");

    public static async Task<QuestionPage> ReadAsync(
        IDocumentSession session, QuestionFilter filter, QuestionOrder order, Cursor? after, int limit, CancellationToken ct)
    {
        var stream = await session.PositionAsync(QuestionStream.Of(filter.Room), ct);
        var found = await session.QueryAsync<Question>(order switch
        {
            QuestionOrder.Newest => Newest(filter, after?.Id ?? BehindAll, limit + 1),
            QuestionOrder.Oldest => Oldest(filter, after?.Id ?? Guid.Empty, limit + 1),
            QuestionOrder.Body => ByBody(filter, after?.Rest ?? "", after?.Id ?? Guid.Empty, limit + 1),
            _ => throw new ArgumentOutOfRangeException(nameof(order), order, "The order by votes is cut from a snapshot."),
        }, ct);
        if (found.Count <= limit)
            return new QuestionPage(found, Next: null, stream);
        var last = found[limit - 1];
        return new QuestionPage([.. found.Take(limit)], new Cursor(order, last.Id, order == QuestionOrder.Body ? last.BodyKey : ""), stream);
    }

    private static FormattableString Newest(QuestionFilter f, Guid before, int limit) =>
        $"""
         where room_id = {f.Room} and state = {f.State} and id < {before}
           and ({f.Search} = '' or position(lower({f.Search}) in lower(body)) > 0) and ({f.Label} = '' or jsonb_exists(data -> 'labels', {f.Label}))
         order by id desc limit {limit}
         """;

    private static FormattableString Oldest(QuestionFilter f, Guid after, int limit) =>
        $"""
         where room_id = {f.Room} and state = {f.State} and id > {after}
           and ({f.Search} = '' or position(lower({f.Search}) in lower(body)) > 0) and ({f.Label} = '' or jsonb_exists(data -> 'labels', {f.Label}))
         order by id limit {limit}
         """;

    // Collation C compares what the cursor holds by its bytes, whatever language the database was made for.
    private static FormattableString ByBody(QuestionFilter f, string key, Guid after, int limit) =>
        $"""
         where room_id = {f.Room} and state = {f.State} and (body_key collate "C", id) > ({key}, {after})
           and ({f.Search} = '' or position(lower({f.Search}) in lower(body)) > 0) and ({f.Label} = '' or jsonb_exists(data -> 'labels', {f.Label}))
         order by body_key collate "C", id limit {limit}
         """;
}
