using System.Text.Json;

namespace Modular.Cluster.Tests.Api;

/// <summary>What the host's OpenAPI document says of one verb at one address.</summary>
/// <param name="Body">Members of the JSON it takes, with their types; null where it takes none.</param>
internal sealed record Operation(
    string Verb, string Path, IReadOnlyList<string> InPath, IReadOnlyList<string> InQuery, IReadOnlyDictionary<string, string>? Body, bool BodyRequired)
{
    private static readonly string[] Verbs = ["get", "put", "post", "patch", "delete"];

    public string Key => $"{Verb} {Path}";

    public bool Sends => Verb is "POST" or "PUT" or "PATCH";

    /// <summary>The address with <paramref name="value"/> in the place of its parameter.</summary>
    public string At(string value) => Path.Replace($"{{{InPath[0]}}}", value, StringComparison.Ordinal);

    public static IReadOnlyList<Operation> AllOf(JsonElement document) =>
    [
        .. from path in document.GetProperty("paths").EnumerateObject()
           from operation in path.Value.EnumerateObject()
           where Verbs.Contains(operation.Name)
           select Read(document, path.Name, operation.Name, operation.Value),
    ];

    private static Operation Read(JsonElement document, string path, string verb, JsonElement operation)
    {
        var parameters = operation.TryGetProperty("parameters", out var all) ? all.EnumerateArray().ToArray() : [];
        var body = operation.TryGetProperty("requestBody", out var sent) ? sent : (JsonElement?)null;
        return new Operation(
            verb.ToUpperInvariant(), path, Names(parameters, "path"), Names(parameters, "query"),
            body is { } some ? Members(document, some.GetProperty("content").GetProperty("application/json").GetProperty("schema")) : null,
            body is { } needed && needed.TryGetProperty("required", out var required) && required.GetBoolean());
    }

    private static List<string> Names(JsonElement[] parameters, string place) =>
        [.. parameters.Where(p => p.GetProperty("in").GetString() == place).Select(p => p.GetProperty("name").GetString()!)];

    private static Dictionary<string, string> Members(JsonElement document, JsonElement schema) =>
        Resolve(document, schema).GetProperty("properties").EnumerateObject().ToDictionary(p => p.Name, p => TypeOf(document, p.Value));

    private static string TypeOf(JsonElement document, JsonElement schema)
    {
        var resolved = Resolve(document, schema);
        if (!resolved.TryGetProperty("type", out var type))
            return "object";
        return type.ValueKind == JsonValueKind.String ? type.GetString()! : type.EnumerateArray().Select(t => t.GetString()!).First(t => t != "null");
    }

    private static JsonElement Resolve(JsonElement document, JsonElement schema)
    {
        if (schema.TryGetProperty("oneOf", out var either))
            return Resolve(document, either.EnumerateArray().First(s => s.TryGetProperty("$ref", out _)));
        return schema.TryGetProperty("$ref", out var reference)
            ? document.GetProperty("components").GetProperty("schemas").GetProperty(reference.GetString()!.Split('/')[^1])
            : schema;
    }
}
