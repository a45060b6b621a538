using Microsoft.Extensions.Logging;

namespace Modular.Testing;

/// <summary>Shows what the code under test logs from Warning on beside the test's own output, so that a failure has its story.</summary>
public sealed class TestLog(LogLevel from = LogLevel.Warning) : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => new Category(categoryName, from);

    public void Dispose()
    {
    }

    private sealed class Category(string name, LogLevel from) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= from;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
                Console.Error.WriteLine($"{DateTime.UtcNow:HH:mm:ss.fff} {logLevel} {name}: {formatter(state, exception)} {exception}");
        }
    }
}
