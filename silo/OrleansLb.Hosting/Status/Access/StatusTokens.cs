using Microsoft.Extensions.Logging;
using OrleansLb.Hosting.Files;

namespace OrleansLb.Hosting.Status.Access;

/// <summary>The tokens in force: those of the file when it could last be read. One that is damaged or gone does not end those before, which is said in the log, in the readiness detail and in a metric.</summary>
internal sealed partial class StatusTokens
{
    private readonly string _path;
    private readonly FileValue<TokenBook> _file;
    private readonly StatusTokenMetrics _metrics;
    private readonly ILogger _logger;

    public StatusTokens(string path, StatusTokenMetrics metrics, ILogger logger)
    {
        (_path, _file, _metrics, _logger) = (path, new FileValue<TokenBook>([path], () => TokenFile.Read(path)), metrics, logger);
        Look();
    }

    /// <summary>Those in force; <see langword="null"/> while the file could never be read, which the start has checked.</summary>
    public TokenBook? Book => _file.Value;

    /// <summary>Why what the file holds now is not used; <see langword="null"/> when it is.</summary>
    public string? Fault => _file.Fault;

    /// <summary>Looks for a newer file. For one caller at a time.</summary>
    public void Look()
    {
        if (_file.Look() is not { } succeeded)
            return;
        _metrics.Read(succeeded);
        if (succeeded)
            LogRead(_logger, _path, _file.Value!.Count);
        else
            LogNotRead(_logger, _file.Fault!);
    }
}
