using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Modular.Kernel.Web;

/// <param name="Field">Path in camelCase, for example <c>settings.approval</c>.</param>
internal sealed record JsonFault(string Field, string Sentence, bool Missing);

/// <summary>
/// Compares JSON with the type it did not fit. System.Text.Json stops at the first fault and names it in prose, or
/// not at all; people want every field at once.
/// </summary>
internal static class JsonFaults
{
    public static IEnumerable<JsonFault> Find(JsonElement sent, JsonTypeInfo type, string prefix = "")
    {
        foreach (var property in type.Properties)
        {
            var field = prefix + property.Name;
            if (Value(sent, property.Name) is not { } value)
            {
                if (property.IsRequired)
                    yield return Required(field);
            }
            else if (value.ValueKind == JsonValueKind.Null && !TakesNull(property))
            {
                yield return property.IsRequired ? Required(field) : new(field, $"{FieldWords.Sentence(field)} must not be null", Missing: false);
            }
            else if (!Fits(value, property, type.Options))
            {
                var nested = value.ValueKind == JsonValueKind.Object && Info(property, type.Options) is { Kind: JsonTypeInfoKind.Object } inner
                    ? Find(value, inner, field + ".").ToArray()
                    : [];
                foreach (var fault in nested is [] ? [new(field, $"{FieldWords.Sentence(field)} is not {Expected(property.PropertyType)}", Missing: false)] : nested)
                    yield return fault;
            }
        }
    }

    /// <summary>What to send for a type, in words.</summary>
    public static string Expected(Type type)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        return plain.IsEnum
            ? $"one of {string.Join(", ", Enum.GetNames(plain).Select(JsonNamingPolicy.CamelCase.ConvertName))}"
            : Expected(plain.Name);
    }

    /// <summary>The same for a type's C# or CLR name, as in the binder's messages.</summary>
    public static string Expected(string type) => type.Replace("Nullable<", "", StringComparison.Ordinal).TrimEnd('>', '?') switch
    {
        "String" or "string" => "text",
        "Boolean" or "bool" => "true or false",
        "Guid" => "an id",
        "Int32" or "int" or "Int64" or "long" or "Int16" or "short" => "a whole number in range",
        "Double" or "double" or "Decimal" or "decimal" or "Single" or "float" => "a number",
        "DateTimeOffset" or "DateTime" => "a time such as 2030-01-31T12:00:00Z",
        var list when list.Contains('`', StringComparison.Ordinal) || list.EndsWith("[]", StringComparison.Ordinal) => "a list as described",
        _ => "of the expected kind",
    };

    private static JsonFault Required(string field) => new(field, $"{FieldWords.Sentence(field)} is required", Missing: true);

    private static bool TakesNull(JsonPropertyInfo property) =>
        property.PropertyType.IsValueType
            ? Nullable.GetUnderlyingType(property.PropertyType) is not null
            : property.AssociatedParameter?.IsNullable ?? property.IsSetNullable;

    private static bool Fits(JsonElement value, JsonPropertyInfo property, JsonSerializerOptions options)
    {
        try
        {
            value.Deserialize(Info(property, options));
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static JsonTypeInfo Info(JsonPropertyInfo property, JsonSerializerOptions options) => options.GetTypeInfo(property.PropertyType);

    private static JsonElement? Value(JsonElement sent, string name)
    {
        foreach (var member in sent.EnumerateObject())
            if (string.Equals(member.Name, name, StringComparison.OrdinalIgnoreCase))
                return member.Value;
        return null;
    }
}
