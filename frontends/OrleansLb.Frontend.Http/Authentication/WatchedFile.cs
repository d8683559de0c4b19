using Microsoft.Extensions.Logging;
using OrleansLb.Hosting.Files;

namespace OrleansLb.Frontend.Http.Authentication;

/// <summary>A file that a policy goes by: the newest that could be read. One that is damaged or gone does not end the one before.</summary>
internal sealed class WatchedFile<T> : IWatched
    where T : class
{
    private readonly FileValue<T> _file;
    private readonly AuthenticationSourceMetrics _metrics;
    private readonly ILogger _logger;

    public WatchedFile(string policy, string path, Func<string, T> read, AuthenticationSourceMetrics metrics, ILogger logger)
    {
        (Policy, _file, _metrics, _logger) = (policy, new FileValue<T>([path], () => read(path)), metrics, logger);
        Look();
    }

    public string Policy { get; }

    public string? Fault => _file.Fault;

    /// <summary>What it holds; <see langword="null"/> while it could never be read.</summary>
    public T? Value => _file.Value;

    public void Look()
    {
        if (_file.Look() is not { } succeeded)
            return;
        _metrics.Read(Policy, succeeded);
        if (succeeded)
            SourceLog.Read(_logger, Policy);
        else
            SourceLog.NotRead(_logger, Policy, _file.Fault!);
    }
}
