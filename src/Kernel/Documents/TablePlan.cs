using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Modular.Kernel.Documents;

internal enum ColumnKind
{
    Expression,
    Instant,
    Counter,
}

/// <param name="Sql">The expression over <c>data</c>, or the type of a real column.</param>
internal sealed record ColumnPlan(string Name, ColumnKind Kind, string Sql, PropertyInfo Property);

/// <param name="Unique">The properties whose values must differ, in the index's order; null for a plain index.</param>
internal sealed record IndexPlan(string Name, IReadOnlyList<string> Parts, IReadOnlyList<PropertyInfo>? Unique, string? Where);

/// <summary>Everything the store knows of one document type: its table, columns and how its JSON is written and read.</summary>
internal sealed class TablePlan
{
    private TablePlan(Type type, string schema, IReadOnlyList<ColumnPlan> columns, IReadOnlyList<IndexPlan> indexes, string? keptUntil)
    {
        KeptUntil = keptUntil;
        Type = type;
        Name = Sql.Snake(type.Name);
        Table = $"{schema}.{Name}";
        Columns = columns;
        Indexes = indexes;
        Instants = [.. columns.Where(c => c.Kind == ColumnKind.Instant)];
        Counters = [.. columns.Where(c => c.Kind == ColumnKind.Counter)];
        Uniques = [.. indexes.Where(i => i.Unique is not null)];
        Json = JsonOptions(Counters);
        CounterSetters = [.. Counters.Select(c => DocumentReader.CounterSetter(c.Property))];
        var real = string.Concat(Instants.Concat(Counters).Select(c => $", {c.Name}"));
        var derived = string.Concat(columns.Where(c => c.Kind == ColumnKind.Expression).Select(c => $", {c.Sql} as {c.Name}"));
        // Quoted: an alias may be a reserved word (user), where a table behind its schema needs no quotes.
        Source = $"(select id, data, version, created_at, updated_at{real}{derived} from {Table}) \"{Name}\"";
        Selected = $"data, version, created_at, updated_at{string.Concat(Counters.Select(c => $", {c.Name}"))}";
    }

    public Type Type { get; }

    public string Name { get; }

    /// <summary>Schema and name, ready for SQL.</summary>
    public string Table { get; }

    public IReadOnlyList<ColumnPlan> Columns { get; }

    public IReadOnlyList<IndexPlan> Indexes { get; }

    public IReadOnlyList<ColumnPlan> Instants { get; }

    public IReadOnlyList<ColumnPlan> Counters { get; }

    public IReadOnlyList<IndexPlan> Uniques { get; }

    public JsonSerializerOptions Json { get; }

    public IReadOnlyList<Action<Document, int>> CounterSetters { get; }

    /// <summary>What queries select from: declared columns by name. The planner flattens it, so indexes on the expressions serve.</summary>
    public string Source { get; }

    public string Selected { get; }

    /// <summary>The instant after which a row goes by itself; null for a type whose documents stay.</summary>
    public string? KeptUntil { get; }

    public static TablePlan Create<T>(string schema, IReadOnlyList<ColumnPlan> columns, IReadOnlyList<IndexPlan> indexes, string? keptUntil) where T : Document =>
        new(typeof(T), schema, columns, indexes, keptUntil);

    public string Serialize(Document document) => JsonSerializer.Serialize(document, Type, Json);

    /// <summary>The expression or name that stands for a declared column in an index.</summary>
    public string IndexExpression(string part)
    {
        var (column, direction) = part.Split(' ', 2) is [var c, var d] ? (c, " " + d) : (part, "");
        if (column is "id" or "created_at" or "updated_at")
            return part;
        var plan = Columns.FirstOrDefault(p => string.Equals(p.Name, column, StringComparison.Ordinal))
            ?? throw new InvalidOperationException($"{Type.Name}: an index names the column {column}, which is not declared.");
        return (plan.Kind == ColumnKind.Expression ? plan.Sql : plan.Name) + direction;
    }

    /// <summary>A unique index's values of <paramref name="document"/> as one comparable text, or null when one of them is null.</summary>
    public static string? UniqueKey(IndexPlan index, Document document)
    {
        var values = index.Unique!.Select(p => p.GetValue(document)?.ToString()).ToArray();
        return Array.Exists(values, v => v is null) ? null : $"{index.Name}\u001f{string.Join('\u001f', values)}";
    }

    private static JsonSerializerOptions JsonOptions(IReadOnlyList<ColumnPlan> counters)
    {
        var hidden = counters.Select(c => JsonNamingPolicy.CamelCase.ConvertName(c.Property.Name)).ToHashSet(StringComparer.Ordinal);
        var options = new JsonSerializerOptions(ModularJson.Options)
        {
            TypeInfoResolver = new DefaultJsonTypeInfoResolver
            {
                Modifiers =
                {
                    info =>
                    {
                        if (typeof(Document).IsAssignableFrom(info.Type))
                            foreach (var property in info.Properties.Where(p => hidden.Contains(p.Name)).ToArray())
                                info.Properties.Remove(property);
                    },
                },
            },
        };
        options.MakeReadOnly();
        return options;
    }
}
