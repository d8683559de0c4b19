using Microsoft.Extensions.Logging;

namespace OrleansLb.Hosting.Settings;

internal sealed partial class ConfigurationFileWatcher
{
    [LoggerMessage(2110, LogLevel.Information, "Configuration file {Path} changed and was read.", EventName = "ConfigurationFileApplied")]
    private static partial void LogApplied(ILogger logger, string path);

    [LoggerMessage(2111, LogLevel.Error, "Reload refused, the configuration from before stays: {Reason}.", EventName = "ConfigurationFileRefused")]
    private static partial void LogRefused(ILogger logger, string reason);

    [LoggerMessage(2112, LogLevel.Information, "Configuration file {Path} is again what is being served.", EventName = "ConfigurationFileRestored")]
    private static partial void LogRestored(ILogger logger, string path);

    [LoggerMessage(2113, LogLevel.Error, "Configuration file {Path} changed and was read, but parts of this process keep what they had: {Reason}", EventName = "ConfigurationFileTakenInPart")]
    private static partial void LogTakenInPart(ILogger logger, string path, string reason);

    // Highest id used: 2113
}
