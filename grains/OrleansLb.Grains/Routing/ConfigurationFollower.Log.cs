using Microsoft.Extensions.Logging;
using OrleansLb.Configuration;

namespace OrleansLb.Grains.Routing;

internal sealed partial class ConfigurationFollower
{
    [LoggerMessage(1410, LogLevel.Information, "This silo follows configuration version {Version}: {Routes} routes, {Pools} pools.", EventName = "ConfigurationFollowed")]
    private static partial void LogFollows(ILogger logger, long version, int routes, int pools);

    [LoggerMessage(1411, LogLevel.Error, "This silo cannot compile version {Version}, which another accepted; is it an older build? {Error}", EventName = "ConfigurationNotCompilable")]
    private static partial void LogCannotCompile(ILogger logger, long version, ConfigurationError error);

    [LoggerMessage(1412, LogLevel.Debug, "The configuration grain did not answer: {Reason}", EventName = "ConfigurationNotReached")]
    private static partial void LogNotReached(ILogger logger, string reason);

    [LoggerMessage(1413, LogLevel.Error, "Configuration version {Version} is followed, but {Handler} failed to take it over and goes on with what it had.", EventName = "ConfigurationHandlerFailed")]
    private static partial void LogHandlerFailed(ILogger logger, Exception exception, long version, string handler);

    // Highest id used: 1413
}
