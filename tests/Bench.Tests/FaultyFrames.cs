using System.Text.Json;

namespace Modular.Bench.Tests;

/// <summary>What the product sends, as far as a generator looks into it; docs/wire.md.</summary>
internal static class FaultyFrames
{
    private const string Stream = FaultyServer.Stream;

    /// <param name="body">As JSON.</param>
    public static string Asked(long seq, string body) =>
        $$"""{"seq":{{seq}},"type":"question.asked","at":"2026-01-01T00:00:00Z","data":{"id":"1","body":{{body}} } }""";

    /// <summary>The hub's to Subscribe.</summary>
    public static string Answer(int head, bool recovered, IEnumerable<string> events) =>
        $$$"""{"type":3,"invocationId":"1","result":{"stream":"{{{Stream}}}","epoch":"e1","head":{{{head}}},"recovered":{{{(recovered ? "true" : "false")}}},"events":[{{{string.Join(',', events)}}}] }}""" + '\u001e';

    /// <summary>All in one message.</summary>
    public static string[] Hub(string[] events) => [$$"""{"type":1,"target":"events","arguments":["{{Stream}}",[{{string.Join(',', events)}}]]}""" + '\u001e'];

    /// <summary>Each in a message of its own, and named as plain sockets name it.</summary>
    public static string[] Plain(string[] events) => Array.ConvertAll(events, text =>
    {
        var happened = JsonDocument.Parse(text).RootElement;
        return $$"""{"msg_type":"newquestion","stream":"{{Stream}}","seq":{{happened.GetProperty("seq").GetRawText()}},"data":{{happened.GetProperty("data").GetRawText()}} }""";
    });

    /// <summary>All in one server-sent event, after a comment.</summary>
    public static string Events(string[] events) =>
        $": a comment\n\nevent: events\ndata: {{\"stream\":\"{Stream}\",\"events\":[{string.Join(',', events)}]}}\nid: {Stream}@1~e1\n\n";
}
