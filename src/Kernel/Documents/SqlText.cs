using System.Collections;
using System.Globalization;
using Npgsql;

namespace Modular.Kernel.Documents;

/// <summary>Turns interpolated SQL into text with $1, $2 … and typed parameters: a value can never become SQL.</summary>
internal static class SqlText
{
    public static void Apply(NpgsqlCommand command, string before, FormattableString sql, string after = "")
    {
        var names = Enumerable.Range(1, sql.ArgumentCount).Select(object (i) => "$" + i.ToString(CultureInfo.InvariantCulture)).ToArray();
        command.CommandText = before + string.Format(CultureInfo.InvariantCulture, sql.Format, names) + after;
        foreach (var argument in sql.GetArguments())
            command.Parameters.Add(Parameter(argument));
    }

    private static NpgsqlParameter Parameter(object? value) => value switch
    {
        null => new NpgsqlParameter { Value = DBNull.Value },
        Enum named => new NpgsqlParameter<string> { TypedValue = EnumText(named) },
        DateTimeOffset time => new NpgsqlParameter<DateTimeOffset> { TypedValue = time.ToUniversalTime() },
        Guid id => new NpgsqlParameter<Guid> { TypedValue = id },
        int number => new NpgsqlParameter<int> { TypedValue = number },
        long number => new NpgsqlParameter<long> { TypedValue = number },
        string text => new NpgsqlParameter<string> { TypedValue = text },
        Guid[] ids => new NpgsqlParameter<Guid[]> { TypedValue = ids },
        IEnumerable<Guid> ids => new NpgsqlParameter<Guid[]> { TypedValue = [.. ids] },
        IEnumerable<string> texts => new NpgsqlParameter<string[]> { TypedValue = [.. texts] },
        IEnumerable => throw new ArgumentException($"A query cannot take a {value.GetType()}; give an array of Guid or string."),
        _ => new NpgsqlParameter { Value = value },
    };

    /// <summary>As enums stand in the JSON: camelCase.</summary>
    private static string EnumText(Enum value) => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
