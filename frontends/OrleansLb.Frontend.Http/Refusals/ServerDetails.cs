using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace OrleansLb.Frontend.Http.Refusals;

/// <summary>
/// Has the server quote what it could not read, by which one refusal is told from another: it does so only while somebody takes its messages of level Information. They are taken here and thrown away;
/// no other logger hears more than it is configured to.
/// </summary>
internal sealed class ServerDetails : ILoggerProvider, ILogger
{
    /// <summary>Where the server asks whether anybody does.</summary>
    public const string Category = "Microsoft.AspNetCore.Server.Kestrel";

    public ILogger CreateLogger(string categoryName) => categoryName == Category ? this : NullLogger.Instance;

    public bool IsEnabled(LogLevel logLevel) => logLevel == LogLevel.Information;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
    }

    public void Dispose()
    {
    }
}
