using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Modular.Kernel.Web;

namespace Modular.Kernel.Tests.Web;

internal sealed record LogEntry(LogLevel Level, string Category, string Message, Exception? Error, string? RequestId);

internal sealed class CapturedLog : ILoggerProvider, ISupportExternalScope
{
    private IExternalScopeProvider? scopes;

    public ConcurrentQueue<LogEntry> Entries { get; } = new();

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => scopes = scopeProvider;

    public void Dispose()
    {
    }

    private sealed class Logger(CapturedLog log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => log.scopes?.Push(state);

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            log.Entries.Enqueue(new(logLevel, category, formatter(state, exception), exception, LogLines.Members(log.scopes).GetValueOrDefault("requestId")?.ToString()));
    }
}
