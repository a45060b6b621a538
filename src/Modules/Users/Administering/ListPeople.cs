using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Modular.Kernel.Documents;
using Modular.Kernel.Web;
using Modular.Users.Accounts;

namespace Modular.Users.Administering;

internal static class ListPeople
{
    private const int LongestSearch = 200;

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/", Handle).WithName("ListPeople").WithSummary("Everybody, newest first").RequireAdmin()
            .WithDescription("`search` is part of a name or of an e-mail address; case does not count.");

    private static async Task<Results<Ok<Page<PersonView>>, Refused>> Handle(
        string? search, int? limit, string? after, IDocumentSession work, CancellationToken ct)
    {
        if (!PageLimit.TryRead(limit, out var size, out var wrong))
            return wrong;
        if (search is { Length: > LongestSearch })
            return Refused.Input("search-too-long", "search", $"Search may have {LongestSearch} characters");
        if ((after is null ? PeopleCursor.BeforeAll : PeopleCursor.Read(after)) is not { } from)
            return Refused.Input("cursor-invalid", "after", "After is not a cursor of this list");
        var found = await FindAsync(work, search?.Trim().ToLowerInvariant() ?? "", from, size + 1, ct);
        var people = found.Take(size).ToList();
        var accounts = (await work.QueryAsync<Account>($"where id = any({people.Select(u => u.Id).ToArray()})", ct)).ToDictionary(a => a.Id);
        return TypedResults.Ok(new Page<PersonView>(
            [.. people.Select(u => PersonView.Of(u, accounts.GetValueOrDefault(u.Id)))],
            found.Count > size ? new PeopleCursor(people[^1].CreatedAt, people[^1].Id).ToString() : null,
            Stream: null));
    }

    // position, not like: a percent sign in a name is a percent sign. Who was last written before there was a key has none.
    private static Task<IReadOnlyList<User>> FindAsync(IDocumentSession work, string text, PeopleCursor from, int most, CancellationToken ct) => work.QueryAsync<User>(
        $"""
         where (created_at, id) < ({from.CreatedAt}, {from.Id})
           and ({text} = '' or position({text} in coalesce(data ->> 'nameKey', lower(data ->> 'name'))) > 0
             or id in (select a.id from users.account a where position({text} in a.data ->> 'emailKey') > 0))
         order by created_at desc, id desc limit {most}
         """,
        ct);
}
