using Microsoft.Extensions.Logging;

namespace OrleansLb.Grains.Routing;

internal sealed partial class ConfigGrain
{
    [LoggerMessage(1400, LogLevel.Information, "Configuration version {Version} accepted from {Source}, digest {Digest}.", EventName = "ConfigurationAccepted")]
    private static partial void LogAccepted(ILogger logger, long version, string source, string digest);

    [LoggerMessage(1401, LogLevel.Warning, "Configuration from {Source} refused with {Errors} errors; version {Version} stays in force.", EventName = "ConfigurationRefused")]
    private static partial void LogRefused(ILogger logger, string source, int errors, long version);

    [LoggerMessage(1402, LogLevel.Warning, "Silo {Source} came with a file that differs from version {Version}, which stays in force. Change the file, or send it as an administrator, to make it count.", EventName = "ConfigurationDivergent")]
    private static partial void LogDivergent(ILogger logger, string source, long version);

    [LoggerMessage(1403, LogLevel.Error, "The configuration could not be stored; what was stored before stays in force.", EventName = "ConfigurationNotStored")]
    private static partial void LogNotStored(ILogger logger, Exception exception);

    [LoggerMessage(1404, LogLevel.Warning, "Somebody serves version {Reported}, which this store does not know: it was lost or replaced. The configuration in force is now version {Version}.", EventName = "ConfigurationRenumbered")]
    private static partial void LogRenumbered(ILogger logger, long reported, long version);

    [LoggerMessage(1405, LogLevel.Debug, "A push of the configuration version failed: {Reason}", EventName = "ConfigurationPushFailed")]
    private static partial void LogPushFailed(ILogger logger, string reason);

    [LoggerMessage(1406, LogLevel.Warning, "The store was lost or set back; the silos gave configuration version {Version} back.", EventName = "ConfigurationRestored")]
    private static partial void LogRestored(ILogger logger, long version);

    [LoggerMessage(1407, LogLevel.Warning, "Configuration from {Source} has to wait: until every silo has said what it follows, no version number is safe to give.", EventName = "ConfigurationPostponed")]
    private static partial void LogPostponed(ILogger logger, string source);

    [LoggerMessage(1408, LogLevel.Information, "The keys of affinity cookies were rotated: version {Version} brings {Key}, which seals after the next rotation.", EventName = "KeysRotated")]
    private static partial void LogKeysRotated(ILogger logger, long version, string key);

    // Highest id used: 1408
}
