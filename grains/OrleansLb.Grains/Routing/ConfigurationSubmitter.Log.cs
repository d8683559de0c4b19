using Microsoft.Extensions.Logging;

namespace OrleansLb.Grains.Routing;

internal sealed partial class ConfigurationSubmitter
{
    [LoggerMessage(1420, LogLevel.Error, "{Path}: {Message}", EventName = "ConfigurationFileError")]
    private static partial void LogError(ILogger logger, string path, string message);

    [LoggerMessage(1421, LogLevel.Warning, "{Path}: {Message}", EventName = "ConfigurationFileWarning")]
    private static partial void LogWarning(ILogger logger, string path, string message);

    [LoggerMessage(1422, LogLevel.Error, "This silo's configuration was refused with {Errors} errors; version {Version} stays in force.", EventName = "ConfigurationFileNotAccepted")]
    private static partial void LogRefused(ILogger logger, int errors, long version);

    [LoggerMessage(1423, LogLevel.Warning, "This silo's file differs from configuration version {Version}, which the cluster agreed on before; the file does not count until it changes.", EventName = "ConfigurationFileDivergent")]
    private static partial void LogDivergent(ILogger logger, long version);

    [LoggerMessage(1424, LogLevel.Warning, "This silo's configuration is not handed in yet: {Reason}", EventName = "ConfigurationFileNotSubmitted")]
    private static partial void LogNotSubmitted(ILogger logger, string reason);

    [LoggerMessage(1425, LogLevel.Error, "This silo's file is what the cluster took back because requests failed under it; version {Version} stays in force. The file does not count until it says something else.", EventName = "ConfigurationFileTakenBack")]
    private static partial void LogTakenBack(ILogger logger, long version);

    // Highest id used: 1425
}
