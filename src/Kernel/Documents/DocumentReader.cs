using System.Data.Common;
using System.Linq.Expressions;
using System.Text.Json;

namespace Modular.Kernel.Documents;

/// <summary>Makes a document of a row of <see cref="TablePlan.Selected"/>: data, version, created_at, updated_at, counters.</summary>
internal static class DocumentReader
{
    public static async Task<List<T>> ReadAllAsync<T>(DbDataReader reader, TablePlan table, CancellationToken ct) where T : Document
    {
        var found = new List<T>();
        while (await reader.ReadAsync(ct))
            found.Add((T)Read(reader, table));
        return found;
    }

    /// <summary>A setter that also works for <c>init</c> properties, which are only closed to C#.</summary>
    public static Action<Document, int> CounterSetter(System.Reflection.PropertyInfo property)
    {
        var document = Expression.Parameter(typeof(Document));
        var value = Expression.Parameter(typeof(int));
        var call = Expression.Call(Expression.Convert(document, property.DeclaringType!), property.SetMethod!, value);
        return Expression.Lambda<Action<Document, int>>(call, document, value).Compile();
    }

    private static Document Read(DbDataReader reader, TablePlan table)
    {
        var document = (Document)JsonSerializer.Deserialize(reader.GetFieldValue<byte[]>(0), table.Type, table.Json)!;
        Stamp.Loaded(document, reader.GetInt32(1), reader.GetFieldValue<DateTimeOffset>(2), reader.GetFieldValue<DateTimeOffset>(3));
        for (var i = 0; i < table.CounterSetters.Count; i++)
            table.CounterSetters[i](document, reader.GetInt32(4 + i));
        return document;
    }
}

/// <summary>Sets what the store and not the module decides on a document.</summary>
internal static class Stamp
{
    private static readonly Action<Document, int> Version = Setter<int>(nameof(Document.Version));
    private static readonly Action<Document, DateTimeOffset> CreatedAt = Setter<DateTimeOffset>(nameof(Document.CreatedAt));
    private static readonly Action<Document, DateTimeOffset> UpdatedAt = Setter<DateTimeOffset>(nameof(Document.UpdatedAt));

    public static void Loaded(Document document, int version, DateTimeOffset createdAt, DateTimeOffset updatedAt)
    {
        Version(document, version);
        CreatedAt(document, createdAt);
        UpdatedAt(document, updatedAt);
    }

    /// <summary>Postgres keeps microseconds; what is answered now must equal what is loaded later.</summary>
    public static DateTimeOffset Now(TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
    }

    private static Action<Document, TValue> Setter<TValue>(string property) =>
        typeof(Document).GetProperty(property)!.SetMethod!.CreateDelegate<Action<Document, TValue>>();
}
