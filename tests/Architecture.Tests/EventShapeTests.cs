using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Modular.Kernel.Documents;
using Modular.Kernel.Messaging;

namespace Modular.Architecture.Tests;

/// <summary>
/// Every shape an event ever had is a file <c>Shapes/{name}.v{n}.json</c>: what today's code must still read, and must still send. A file
/// leaves only after every running version has stopped sending it; that is a release decision.
/// </summary>
public sealed class EventShapeTests
{
    private static readonly Type[] Events =
        [.. Solution.Modules.Concat(Solution.Contracts).SelectMany(a => a.GetTypes()).Where(IsEvent)];

    public static TheoryData<string> Shapes =>
        [.. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Shapes"), "*.json").Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_shape_once_shipped_is_still_read_and_still_sent(string file)
    {
        var type = Assert.Single(Events, e => file.StartsWith(NameOf(e) + ".v", StringComparison.Ordinal));
        var shipped = JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Shapes", file)))!.AsObject();
        var sent = JsonSerializer.SerializeToNode(shipped.Deserialize(type, ModularJson.Options), type, ModularJson.Options)!.AsObject();
        foreach (var (name, value) in shipped)
            Assert.True(JsonNode.DeepEquals(value, sent[name]), $"{file}: {name} was {value?.ToJsonString() ?? "null"} and is now {sent[name]?.ToJsonString() ?? "absent or null"}");
    }

    [Fact]
    public void Every_event_has_its_shape_on_record() => Assert.Empty(WithoutShape(Events));

    [Fact]
    public void An_event_without_a_shape_on_record_is_found() =>
        Assert.NotEmpty(WithoutShape(Solution.Canary.GetTypes().Where(IsEvent)));

    private static bool IsEvent(Type type) => typeof(IEvent).IsAssignableFrom(type) && !type.IsAbstract;

    private static string? NameOf(Type type) => type.GetCustomAttribute<EventAttribute>()?.Name;

    private static IEnumerable<string> WithoutShape(IEnumerable<Type> events) =>
        events.Where(e => !Shapes.Any(s => NameOf(e) is { } name && s.Data.StartsWith(name + ".v", StringComparison.Ordinal))).Select(e => e.FullName!);
}
