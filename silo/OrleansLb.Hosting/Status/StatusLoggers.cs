using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace OrleansLb.Hosting.Status;

/// <summary>
/// The process' loggers without the lines in which a web server says where it listens: those are about the traffic, and the status
/// server has a line of its own.
/// </summary>
internal sealed class StatusLoggers(ILoggerFactory process) : ILoggerFactory
{
    /// <summary>Category in which the framework announces addresses.</summary>
    public const string Announcements = "Microsoft.Hosting.Lifetime";

    public ILogger CreateLogger(string categoryName) => categoryName == Announcements ? NullLogger.Instance : process.CreateLogger(categoryName);

    public void AddProvider(ILoggerProvider provider) => process.AddProvider(provider);

    /// <summary>The process disposes of its own.</summary>
    public void Dispose()
    {
    }
}
