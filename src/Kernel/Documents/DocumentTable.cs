using System.Linq.Expressions;
using System.Reflection;
using System.Text.Json;

namespace Modular.Kernel.Documents;

/// <summary>
/// Declares the table of a document type. Columns are named after the property in snake_case.
/// Queried values are expressions over the JSON with indexes on those expressions, so that a column added later
/// is an index built concurrently and never a rewrite of the table; instants and counters are real columns.
/// </summary>
public sealed class DocumentTable<T> where T : Document
{
    private readonly List<ColumnPlan> columns = [];
    private readonly List<IndexPlan> indexes = [];
    private string? keptUntil;

    /// <summary>A value to query by: Guid, string, enum, int or bool (or their nullable forms), read from the JSON.</summary>
    public DocumentTable<T> Column(Expression<Func<T, object?>> property)
    {
        var member = Member(property.Body);
        var type = Nullable.GetUnderlyingType(member.PropertyType) ?? member.PropertyType;
        var path = $"data ->> '{JsonNamingPolicy.CamelCase.ConvertName(member.Name)}'";
        var sql = type switch
        {
            _ when type == typeof(Guid) => $"(({path})::uuid)",
            _ when type == typeof(string) || type.IsEnum => $"({path})",
            _ when type == typeof(int) => $"(({path})::int)",
            _ when type == typeof(bool) => $"(({path})::boolean)",
            _ => throw new ArgumentException($"{typeof(T).Name}.{member.Name}: a column is a Guid, string, enum, int or bool; use Instant or Counter for others.", nameof(property)),
        };
        columns.Add(new ColumnPlan(Sql.Snake(member.Name), ColumnKind.Expression, sql, member));
        return this;
    }

    /// <summary>A point in time to query by; a real column beside the JSON (a cast to timestamptz is not immutable).</summary>
    public DocumentTable<T> Instant(Expression<Func<T, DateTimeOffset?>> property)
    {
        var member = Member(property.Body);
        columns.Add(new ColumnPlan(Sql.Snake(member.Name), ColumnKind.Instant, "timestamptz", member));
        return this;
    }

    /// <summary>A number that many change at once; a real column outside the JSON, set by the insert and changed by increments only.</summary>
    public DocumentTable<T> Counter(Expression<Func<T, int>> property)
    {
        var member = Member(property.Body);
        columns.Add(new ColumnPlan(Sql.Snake(member.Name), ColumnKind.Counter, "int not null default 0", member));
        return this;
    }

    /// <summary>No two documents may have equal values in these declared columns; a null makes a document free of the rule.</summary>
    public DocumentTable<T> Unique(string name, params Expression<Func<T, object?>>[] properties)
    {
        var members = properties.Select(p => Member(p.Body)).ToArray();
        indexes.Add(new IndexPlan(name, [.. members.Select(m => Sql.Snake(m.Name))], members, Where: null));
        return this;
    }

    /// <summary>An index over declared columns, each with an optional direction: <c>Index("by_votes", "room_id", "votes desc", "id desc")</c>.</summary>
    public DocumentTable<T> Index(string name, params string[] parts)
    {
        indexes.Add(new IndexPlan(name, parts, Unique: null, Where: null));
        return this;
    }

    /// <summary>An index over the rows that fulfil a condition on declared columns, for example <c>shown &lt;&gt; votes</c> on real ones.</summary>
    public DocumentTable<T> IndexWhere(string name, string where, params string[] parts)
    {
        indexes.Add(new IndexPlan(name, parts, Unique: null, where));
        return this;
    }

    /// <summary>As <see cref="Instant"/>; the store removes a document within two minutes after this time (never where it is null) and tells nobody.</summary>
    public DocumentTable<T> KeptUntil(Expression<Func<T, DateTimeOffset?>> property)
    {
        keptUntil = Sql.Snake(Member(property.Body).Name);
        return Instant(property).Index($"by_{keptUntil}", keptUntil);
    }

    internal TablePlan Build(string schema) => TablePlan.Create<T>(schema, columns, indexes, keptUntil);

    private static PropertyInfo Member(Expression body) =>
        (body is UnaryExpression { NodeType: ExpressionType.Convert } cast ? cast.Operand : body) is MemberExpression { Member: PropertyInfo property }
            ? property
            : throw new ArgumentException($"{body} is not a property of {typeof(T).Name}.", nameof(body));
}
