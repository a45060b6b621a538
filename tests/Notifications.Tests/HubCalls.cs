using System.Text.Json;

namespace Modular.Notifications.Tests;

/// <summary>The hub's text of calls, and what the messages that come back are.</summary>
internal static class HubCalls
{
    public static string Subscribe(string id, string stream, long? after = null) =>
        $$"""{"type":1,"invocationId":"{{id}}","target":"Subscribe","arguments":["{{stream}}",{{after?.ToString() ?? "null"}},null]}""";

    public static string Unsubscribe(string id, string? stream) =>
        $$"""{"type":1,"invocationId":"{{id}}","target":"Unsubscribe","arguments":[{{JsonSerializer.Serialize(stream)}}]}""";

    /// <summary>Several messages as one frame.</summary>
    public static string Together(params string[] messages) => string.Concat(messages.Select(m => m + '\u001e'));

    extension(JsonElement message)
    {
        public bool Calls(string target) => message.TryGetProperty("target", out var called) && called.GetString() == target;

        public bool Calls(string target, string stream) => message.Calls(target) && message.GetProperty("arguments")[0].GetString() == stream;

        public bool Answers(string id) => message.TryGetProperty("invocationId", out var answered) && answered.GetString() == id;

        /// <summary>Whether it brings the stream's event <paramref name="seq"/> or one after it.</summary>
        public bool Reaches(string stream, long seq) => message.Calls("events", stream) && message.Numbers()[^1] >= seq;

        /// <summary>Numbers of the events it brings, as an answer or live.</summary>
        public long[] Numbers() =>
            [.. (message.TryGetProperty("result", out var answer) ? answer.GetProperty("events") : message.GetProperty("arguments")[1])
                .EnumerateArray().Select(e => e.GetProperty("seq").GetInt64())];
    }
}
