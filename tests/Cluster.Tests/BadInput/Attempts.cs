using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Modular.Cluster.Tests.Api;

namespace Modular.Cluster.Tests.BadInput;

/// <summary>Everything wrong that can be sent to an operation, from what the OpenAPI document says it takes.</summary>
internal static class Attempts
{
    private const string Mark = "MARK";
    private const string Long = "too long ";
    private static readonly string[] OfAnotherType = ["12", "true", "{}", "[]", "\"text\"", "[\"text\"]", "1e400"];
    private static readonly string[] Broken = ["{", "{\"a\":", "nope", "{} {}", "[]", "\"text\"", "12", "{'a':1}", $"{{\"deep\":{new string('[', 200)}{new string(']', 200)}}}"];
    private static readonly string[] OtherVerbs = ["GET", "PUT", "POST", "PATCH", "DELETE"];

    public static IEnumerable<Attempt> EmptyBody(Operation op, World world, string at) =>
        op.BodyRequired ? [Json(op, at, "an empty body", "", 400), Json(op, at, "null", "null", 400), new(op, "no body", () => World.Request(op.Verb, at, json: null), 400, 415)] : [];

    public static IEnumerable<Attempt> BrokenJson(Operation op, World world, string at) =>
        op.Body is null ? [] : Broken.Select(json => Json(op, at, json, json, 400));

    public static IEnumerable<Attempt> EmptyText(Operation op, World world, string at) =>
        Texts(op).SelectMany(name => (name == "clientId" ? new[] { "" } : ["", "   "]).Select(text => With(op, world, at, name, JsonSerializer.Serialize(text), 400, StatusOf(op, name))));

    public static IEnumerable<Attempt> TooLongText(Operation op, World world, string at) =>
        Texts(op).Select(name => With(op, world, at, name, JsonSerializer.Serialize(string.Concat(Enumerable.Repeat(Long, 1000))), 400, StatusOf(op, name)));

    public static IEnumerable<Attempt> WrongTypes(Operation op, World world, string at) =>
        from member in op.Body ?? new Dictionary<string, string>()
        from json in OfAnotherType
        where !Is(json, member.Value)
        select With(op, world, at, member.Key, json, 400);

    public static IEnumerable<Attempt> TextThatCannotBeStored(Operation op, World world, string at)
    {
        foreach (var name in Texts(op))
        {
            foreach (var escape in new[] { @"a\u0000b", @"\ud800", @"\udc00", @"\udc00\ud800" })
                yield return With(op, world, at, name, $"\"{escape}\"", 400);
            var (before, after) = (Encoding.UTF8.GetBytes(Body(op, world, name, $"\"{Mark}\"").Split(Mark)[0]), Encoding.UTF8.GetBytes(Body(op, world, name, $"\"{Mark}\"").Split(Mark)[1]));
            foreach (var raw in new byte[][] { [0xED, 0xA0, 0x80], [0xFF], [0xC3], [0x00] })
                yield return new Attempt(op, $"{name} with bytes {Convert.ToHexString(raw)}", () => Bytes(op, at, [.. before, .. raw, .. after]), 400);
        }

        if (op.Body is not null)
            yield return Json(op, at, "a member name with NUL", "{\"a\\u0000\":1}", 400);
    }

    public static IEnumerable<Attempt> WrongContentTypes(Operation op, World world, string at)
    {
        if (op.Body is null)
            yield break;
        var json = Body(op, world);
        foreach (var type in new[] { "text/plain", "application/x-www-form-urlencoded", "application/xml", "application/json; charset=utf-16" })
            yield return new Attempt(op, type, () => Typed(World.Request(op.Verb, at, json), MediaTypeHeaderValue.Parse(type)), 415);
        yield return new Attempt(op, "no content type", () => Typed(World.Request(op.Verb, at, json), type: null), 415);
    }

    public static IEnumerable<Attempt> TooBigBodies(Operation op, World world, string at)
    {
        if (!op.Sends)
            yield break;
        var json = Encoding.UTF8.GetBytes($"{{\"padding\":\"{new string('x', 2_100_000)}\"}}");
        yield return new Attempt(op, "a body that says it is too big", () => Bytes(op, at, json), 413);
        yield return new Attempt(op, "a body that does not say how big it is", () => Chunked(Bytes(op, at, json)), op.Body is null ? [413, 400] : [413]);
    }

    public static IEnumerable<Attempt> BadQueries(Operation op, World world, string at)
    {
        foreach (var name in op.InQuery)
        {
            yield return new Attempt(op, $"{name} with NUL", () => World.Request(op.Verb, $"{at}?{name}=a%00b", json: null), 400);
            if (Unknown(op, name) is null)
            {
                foreach (var value in new[] { "-1", "x", "99999999999999999999", "1.5", "%27", "..", new string('9', 2000) })
                    yield return new Attempt(op, $"{name}={value}", () => World.Request(op.Verb, $"{at}?{name}={value}", json: null), 400);
            }
            else if (Unknown(op, name) is >= 400 and var status)
            {
                foreach (var value in new[] { "nowhere", Guid.NewGuid().ToString(), "%27", new string('x', 2000) })
                    yield return new Attempt(op, $"{name}={value}", () => World.Request(op.Verb, $"{at}?{name}={value}", json: null), status);
            }
        }

        if (op.InQuery.Contains("limit"))
        {
            foreach (var value in new[] { "0", "1001", "" })
                yield return new Attempt(op, $"limit={value}", () => World.Request(op.Verb, $"{at}?limit={value}", json: null), 400);
        }
    }

    public static IEnumerable<Attempt> UnknownIds(Operation op, World world, string at) =>
        op.InPath.Count == 0
            ? []
            : new[] { Guid.NewGuid().ToString(), "not-an-id", "ZZZZZZ", "12", "%27%20or%201=1", "..%2f..", "%F0%9F%98%80", new string('x', 2000) }
                .Select(id => new Attempt(op, $"id {id}", () => World.Request(op.Verb, op.At(id), op.Body is null ? null : Body(op, world)), 404));

    public static IEnumerable<Attempt> OtherVerbsAt(Operation op, World world, string at) =>
        OtherVerbs.Except(world.Operations.Where(o => o.Path == op.Path).Select(o => o.Verb))
            .Select(verb => new Attempt(op, $"asked with {verb}", () => World.Request(verb, at, json: null), 405));

    private static IEnumerable<string> Texts(Operation op) => op.Body?.Where(m => m.Value == "string").Select(m => m.Key) ?? [];

    private static int? Unknown(Operation op, string name) => Examples.For(op).Unknown is { } all && all.Any(u => u.Name == name) ? all.First(u => u.Name == name).Status : null;

    private static int StatusOf(Operation op, string name) => Unknown(op, name) ?? 400;

    private static Attempt With(Operation op, World world, string at, string name, string json, params int[] statuses) =>
        Json(op, at, $"{name}: {(json.Length > 40 ? json[..40] : json)}", Body(op, world, name, json), statuses);

    private static Attempt Json(Operation op, string at, string what, string json, params int[] statuses) =>
        new(op, what, () => World.Request(op.Verb, at, json), statuses);

    /// <summary>The valid body, one member of it replaced by any JSON.</summary>
    private static string Body(Operation op, World world, string? name = null, string? json = null)
    {
        var body = JsonSerializer.SerializeToNode(Examples.For(op).Body!(world))!.AsObject();
        if (name is null)
            return body.ToJsonString();
        body.Remove(name);
        var rest = body.ToJsonString()[1..];
        return $"{{{JsonValue.Create(name).ToJsonString()}:{json}{(rest == "}" ? "" : ",")}{rest}";
    }

    private static bool Is(string json, string type) => type switch
    {
        "string" => json[0] == '"',
        "boolean" => json == "true",
        "object" => json == "{}",
        _ => json is "12",
    };

    private static HttpRequestMessage Bytes(Operation op, string at, byte[] body)
    {
        var request = World.Request(op.Verb, at, json: null);
        request.Content = new ByteArrayContent(body);
        return Typed(request, new MediaTypeHeaderValue("application/json"));
    }

    private static HttpRequestMessage Typed(HttpRequestMessage request, MediaTypeHeaderValue? type)
    {
        request.Content!.Headers.ContentType = type;
        return request;
    }

    private static HttpRequestMessage Chunked(HttpRequestMessage request)
    {
        request.Headers.TransferEncodingChunked = true;
        return request;
    }
}
