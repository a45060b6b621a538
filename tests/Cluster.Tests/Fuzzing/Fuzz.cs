using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Modular.Cluster.Tests.Fuzzing;

/// <summary>What was sent, in short, and the content that sends it.</summary>
internal sealed record Fuzzed(string What, byte[] Body, string ContentType)
{
    public HttpContent Content
    {
        get
        {
            var content = new ByteArrayContent(Body);
            content.Headers.TryAddWithoutValidation("Content-Type", ContentType);
            return content;
        }
    }

    public override string ToString() => $"{What}, {ContentType}, {Body.Length} bytes: {Encoding.Latin1.GetString(Body.AsSpan(0, Math.Min(Body.Length, 200)))}";
}

/// <summary>Bodies that nobody has thought of, the same ones again for the same seed.</summary>
internal sealed class Fuzz(int seed)
{
    private const string Json = "application/json";
    private static readonly Encoding[] Encodings = [Encoding.Unicode, Encoding.BigEndianUnicode, Encoding.UTF32, Encoding.Latin1];
    private static readonly string[] Charsets = ["utf-16", "utf-32", "utf-7", "iso-8859-1", "us-ascii", "nonsense", "\"utf-8\"", "'", "utf-8; charset=utf-16", "\"", "%00"];
    private readonly Random random = new(seed);
    private readonly FuzzedValues values = new(seed);

    /// <param name="valid">A body that would be taken.</param>
    public Fuzzed Next(IReadOnlyDictionary<string, JsonElement> valid) => random.Next(12) switch
    {
        0 => Text("any JSON", values.Any(depth: 0)),
        1 => Text("an object of its own", values.Object(depth: 0)),
        2 or 3 or 4 => Text("one member changed", Object(Changed(valid))),
        5 => Text("members twice", Object([.. Changed(valid), .. Members(valid), .. Changed(valid)])),
        6 => new("cut off", Cut(Bytes(Object(Changed(valid)))), Json),
        7 => new("bytes changed", Flipped(Bytes(Object(Members(valid)))), Json),
        8 => new("no text", Noise(random.Next(300)), Json),
        9 => new("another encoding", Pick(Encodings).GetBytes(Object(Changed(valid))), random.Next(2) == 0 ? Json : $"{Json}; charset={Pick(Charsets)}"),
        10 => new("another charset", Bytes(Object(Members(valid))), $"{Json}; charset={Pick(Charsets)}"),
        _ => Text("deep", Deep(random.Next(2) == 0 ? 10_000 : random.Next(40, 100), Pick(valid.Keys.Prepend("deep").ToArray()))),
    };

    private List<string> Changed(IReadOnlyDictionary<string, JsonElement> valid)
    {
        var members = Members(valid).ToList();
        var (at, name) = (random.Next(Math.Max(1, members.Count)), random.Next(6) == 0 || valid.Count == 0 ? values.Text() : JsonSerializer.Serialize(Pick(valid.Keys.ToArray())));
        var changed = $"{name}:{values.Any(depth: 2)}";
        if (members.Count == 0)
            return [changed];
        if (random.Next(3) > 0)
            members.RemoveAll(m => m.StartsWith($"{name}:", StringComparison.Ordinal));
        members.Insert(Math.Min(at, members.Count), changed);
        return members;
    }

    private static IEnumerable<string> Members(IReadOnlyDictionary<string, JsonElement> valid) => valid.Select(m => $"{JsonSerializer.Serialize(m.Key)}:{m.Value.GetRawText()}");

    private static string Object(IEnumerable<string> members) => $"{{{string.Join(',', members)}}}";

    private string Deep(int levels, string name) => random.Next(3) switch
    {
        0 => string.Concat(Enumerable.Repeat($"{{\"{name}\":", levels)) + "1" + new string('}', levels),
        1 => $"{{\"{name}\":{new string('[', levels)}{new string(']', levels)}}}",
        _ => new string('[', levels),
    };

    private byte[] Cut(byte[] whole) => whole[..random.Next(whole.Length)];

    private byte[] Flipped(byte[] whole)
    {
        for (var n = random.Next(1, 5); n > 0 && whole.Length > 0; n--)
            whole[random.Next(whole.Length)] = (byte)random.Next(256);
        return whole;
    }

    private byte[] Noise(int length)
    {
        var noise = new byte[length];
        random.NextBytes(noise);
        return noise;
    }

    private static Fuzzed Text(string what, string json) => new(what, Bytes(json), Json);

    private static byte[] Bytes(string json) => Encoding.UTF8.GetBytes(json);

    private T Pick<T>(T[] from) => from[random.Next(from.Length)];
}
