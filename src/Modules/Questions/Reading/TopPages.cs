using System.Globalization;
using Modular.Kernel.Documents;

namespace Modular.Questions.Reading;

/// <summary>Pages in the order of votes, cut from a <see cref="TopSnapshot"/>. What left the state since then is passed over.</summary>
internal static class TopPages
{
    private const int Chunk = 200;

    /// <summary>The first page. A list that fits on it needs no snapshot.</summary>
    public static async Task<QuestionPage> FirstAsync(IDocumentSession session, QuestionFilter filter, int limit, DateTimeOffset now, CancellationToken ct)
    {
        var stream = await session.PositionAsync(QuestionStream.Of(filter.Room), ct);
        var found = await session.QueryAsync<Question>(
            $"""
             where room_id = {filter.Room} and state = {filter.State}
               and ({filter.Search} = '' or position(lower({filter.Search}) in lower(body)) > 0)
               and ({filter.Label} = '' or jsonb_exists(data -> 'labels', {filter.Label}))
             order by votes desc, id desc limit {limit + 1}
             """,
            ct);
        return found.Count <= limit
            ? new QuestionPage(found, Next: null, stream)
            : await CutAsync(session, await TakeAsync(session, filter, now, ct), filter, from: 0, limit, ct);
    }

    /// <summary>The page after <paramref name="cursor"/>; null where its snapshot has expired.</summary>
    public static async Task<QuestionPage?> NextAsync(
        IDocumentSession session, QuestionFilter filter, Cursor cursor, int limit, DateTimeOffset now, CancellationToken ct) =>
        await session.LoadAsync<TopSnapshot>(cursor.Id, ct) is { } snapshot && !snapshot.HasExpired(now)
        && snapshot.RoomId == filter.Room && snapshot.State == filter.State
        && int.TryParse(cursor.Rest, NumberStyles.None, CultureInfo.InvariantCulture, out var from)
            ? await CutAsync(session, snapshot, filter, from, limit, ct)
            : null;

    private static async Task<TopSnapshot> TakeAsync(IDocumentSession session, QuestionFilter filter, DateTimeOffset now, CancellationToken ct)
    {
        var id = TopSnapshot.IdOf(filter.Room, filter.State, now);
        if (await session.LoadAsync<TopSnapshot>(id, ct) is { } fresh)
            return fresh;
        var stream = await session.PositionAsync(QuestionStream.Of(filter.Room), ct);
        var ids = await session.QueryIdsAsync<Question>(
            $"where room_id = {filter.Room} and state = {filter.State} order by votes desc, id desc", ct);
        var snapshot = session.Insert(new TopSnapshot { Id = id, RoomId = filter.Room, State = filter.State, Ids = ids, Stream = stream });
        try
        {
            await session.SaveChangesAsync(ct);
            return snapshot;
        }
        catch (DocumentExistsException taken)
        {
            return await session.LoadAsync<TopSnapshot>(id, ct) ?? throw new InvalidOperationException("A snapshot vanished within its second.", taken);
        }
    }

    private static async Task<QuestionPage> CutAsync(
        IDocumentSession session, TopSnapshot snapshot, QuestionFilter filter, int from, int limit, CancellationToken ct)
    {
        var items = new List<Question>(limit);
        while (items.Count < limit && from < snapshot.Ids.Count)
        {
            var ids = snapshot.Ids.Skip(from).Take(Chunk).ToArray();
            var found = (await session.QueryAsync<Question>(
                $"""
                 where id = any({ids}) and state = {filter.State}
                   and ({filter.Search} = '' or position(lower({filter.Search}) in lower(body)) > 0)
                   and ({filter.Label} = '' or jsonb_exists(data -> 'labels', {filter.Label}))
                 """,
                ct)).ToDictionary(q => q.Id);
            foreach (var id in ids)
            {
                if (items.Count == limit)
                    break;
                from++;
                if (found.TryGetValue(id, out var question))
                    items.Add(question);
            }
        }

        var next = from < snapshot.Ids.Count ? new Cursor(QuestionOrder.Top, snapshot.Id, from.ToString(CultureInfo.InvariantCulture)) : null;
        return new QuestionPage(items, next, snapshot.Stream);
    }
}
