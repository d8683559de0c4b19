using Microsoft.Extensions.Logging;
using OrleansLb.Configuration;

namespace OrleansLb.Frontend.Snapshots;

internal sealed partial class FrontendConfiguration
{
    [LoggerMessage(3030, LogLevel.Information, "Started from the snapshot on disk, version {Version}: {Routes} routes, {Pools} pools.", EventName = "StartedFromSnapshot")]
    private static partial void LogStartedFromSnapshot(ILogger logger, long version, int routes, int pools);

    [LoggerMessage(3031, LogLevel.Information, "Serving configuration version {Version}: {Routes} routes, {Pools} pools.", EventName = "ConfigurationServed")]
    private static partial void LogServes(ILogger logger, long version, int routes, int pools);

    [LoggerMessage(3032, LogLevel.Error, "This front-end cannot compile version {Version}, which the cluster accepted; is it an older build? {Error}", EventName = "ConfigurationNotServable")]
    private static partial void LogCannotCompile(ILogger logger, long version, ConfigurationError error);

    [LoggerMessage(3033, LogLevel.Warning, "The newer configuration could not be fetched yet: {Reason}", EventName = "ConfigurationNotFetched")]
    private static partial void LogNotFetched(ILogger logger, string reason);

    [LoggerMessage(3038, LogLevel.Error, "Configuration version {Version} is served, but {Handler} failed to take it over and goes on with what it had.", EventName = "ServedConfigurationHandlerFailed")]
    private static partial void LogHandlerFailed(ILogger logger, Exception exception, long version, string handler);

    // Highest id used: 3038
}
