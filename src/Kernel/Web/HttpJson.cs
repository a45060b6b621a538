using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Modular.Kernel.Documents;

namespace Modular.Kernel.Web;

/// <summary>
/// How HTTP bodies are read and written: as <see cref="ModularJson"/>, but strict where people send: no numbers in quotes, no
/// enums by number, and what a request's record declares as not nullable and without default has to be there. A bool that is absent is false.
/// </summary>
internal static class HttpJson
{
    public static void Apply(JsonSerializerOptions options)
    {
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
        ModularJson.Apply(options);
        options.NumberHandling = JsonNumberHandling.Strict;
        options.RespectNullableAnnotations = true;
        options.TypeInfoResolver = (options.TypeInfoResolver ?? new DefaultJsonTypeInfoResolver()).WithAddedModifier(RequireParameters);
    }

    /// <summary>Whether the member has to be sent.</summary>
    public static bool MustBeSent(JsonPropertyInfo property) =>
        property.IsRequired
        || (property is { Set: not null, AssociatedParameter: { HasDefaultValue: false, IsNullable: false, ParameterType: var type } }
            && type != typeof(bool) && Nullable.GetUnderlyingType(type) is null);

    private static void RequireParameters(JsonTypeInfo type)
    {
        if (type.Kind != JsonTypeInfoKind.Object)
            return;
        foreach (var property in type.Properties)
            property.IsRequired = MustBeSent(property);
    }
}
