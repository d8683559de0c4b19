using Microsoft.Extensions.Logging;
using OrleansLb.Core.Configuration.Rollbacks;

namespace OrleansLb.Grains.Routing;

internal sealed partial class ConfigGrain
{
    [LoggerMessage(1440, LogLevel.Information, "Configuration version {Version} is on trial: if requests fail under it, version {ReturnTo} returns, under which {Before} failed.", EventName = "ConfigurationTried")]
    private static partial void LogTried(ILogger logger, long version, long returnTo, RequestCount before);

    [LoggerMessage(1441, LogLevel.Information, "Configuration version {Version} has proven itself: {After} failed within {Window}.", EventName = "ConfigurationProven")]
    private static partial void LogProven(ILogger logger, long version, RequestCount after, TimeSpan window);

    [LoggerMessage(1442, LogLevel.Error, "Configuration version {Version} was taken back: {After} failed under it, {Before} before. What version {ReturnedTo} said is in force again as version {Now}, and files that still say the other do not count until they change.", EventName = "ConfigurationRolledBack")]
    private static partial void LogRolledBack(ILogger logger, long version, RequestCount after, RequestCount before, long returnedTo, long now);

    // Highest id used: 1442
}
