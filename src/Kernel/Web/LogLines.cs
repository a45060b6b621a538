using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Modular.Kernel.Web;

/// <summary>Logs as one JSON object a line (<c>Logging:Format=json</c>) or one readable line (<c>pretty</c>).</summary>
internal static class LogLines
{
    /// <summary>
    /// What the framework says below a warning here quotes what clients send: addresses with their query, arguments of the hub's calls. Tokens
    /// stand there, so it is not written, whatever level is configured. A request's own line is that of <see cref="RequestLines"/>.
    /// </summary>
    private static readonly string[] Quoting = ["Microsoft.AspNetCore.Hosting.Diagnostics", "Microsoft.AspNetCore.SignalR.Internal.DefaultHubDispatcher"];

    public static void Add(IHostApplicationBuilder host)
    {
        var format = WebSettings.Read<LogSettings>(host.Configuration, "Logging").Format;
        host.Logging.AddConsole(o => o.FormatterName = format == "pretty" ? PrettyLines.FormatterName : JsonLines.FormatterName);
        host.Logging.AddConsoleFormatter<JsonLines, ConsoleFormatterOptions>();
        host.Logging.AddConsoleFormatter<PrettyLines, ConsoleFormatterOptions>();
    }

    public static bool Quotes(string category, LogLevel level) => level < LogLevel.Warning && Quoting.Contains(category, StringComparer.Ordinal);

    /// <summary>Where the operator has to change something, one sentence says what; the place in the code helps nobody.</summary>
    public static string Tell(Exception error) =>
        error is RefusedToRunException or IOException { InnerException: AddressInUseException } ? error.Message : error.ToString();

    /// <summary>The named members of all scopes, the inner ones last and winning.</summary>
    public static Dictionary<string, object?> Members(IExternalScopeProvider? scopes)
    {
        var members = new Dictionary<string, object?>(StringComparer.Ordinal);
        scopes?.ForEachScope((scope, into) =>
        {
            if (scope is IEnumerable<KeyValuePair<string, object?>> named)
                foreach (var (name, value) in named.Where(m => m.Key != "{OriginalFormat}"))
                    into[JsonNamingPolicy.CamelCase.ConvertName(name)] = value;
        }, members);
        return members;
    }
}

internal sealed class JsonLines() : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "modular-json";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        if (LogLines.Quotes(logEntry.Category, logEntry.LogLevel))
            return;
        var line = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["at"] = DateTimeOffset.UtcNow.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture),
            ["level"] = PrettyLines.Word(logEntry.LogLevel),
            ["category"] = logEntry.Category,
            ["message"] = logEntry.Formatter(logEntry.State, logEntry.Exception),
        };
        foreach (var (name, value) in LogLines.Members(scopeProvider))
            line.TryAdd(name, value?.ToString());
        if (logEntry.State is IEnumerable<KeyValuePair<string, object?>> values)
            foreach (var (name, value) in values.Where(v => v.Key != "{OriginalFormat}"))
                line.TryAdd(JsonNamingPolicy.CamelCase.ConvertName(name), Plain(value));
        if (logEntry.Exception is { } error)
            line["error"] = LogLines.Tell(error);
        textWriter.WriteLine(JsonSerializer.Serialize(line));
    }

    private static object? Plain(object? value) => value is null or int or long or double or bool ? value : value.ToString();
}

internal sealed class PrettyLines() : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "modular-pretty";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        if (LogLines.Quotes(logEntry.Category, logEntry.LogLevel))
            return;
        var category = logEntry.Category[(logEntry.Category.LastIndexOf('.') + 1)..];
        var request = LogLines.Members(scopeProvider).GetValueOrDefault("requestId") is { } id ? $" [{id}]" : "";
        textWriter.Write(DateTimeOffset.Now.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture));
        textWriter.WriteLine($" {Word(logEntry.LogLevel),-5} {category}: {OneLine(logEntry.Formatter(logEntry.State, logEntry.Exception))}{OneLine(request)}");
        if (logEntry.Exception is { } error)
            textWriter.WriteLine(LogLines.Tell(error));
    }

    public static string Word(LogLevel level) => level switch
    {
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Critical => "fatal",
        _ => level.ToString().ToLowerInvariant(),
    };

    /// <summary>What somebody sent must not look like a line of its own.</summary>
    private static string OneLine(string text) =>
        text.Any(char.IsControl)
            ? text.Aggregate(new StringBuilder(text.Length + 8), (into, c) => char.IsControl(c) ? into.Append($"\\u{(int)c:x4}") : into.Append(c)).ToString()
            : text;
}
