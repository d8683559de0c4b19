using Microsoft.Extensions.Logging;

namespace OrleansLb.Clustering.Membership;

internal sealed partial class MembershipKeeper
{
    [LoggerMessage(2520, LogLevel.Warning, "Redis had lost this silo's row of the membership, as after FLUSHALL or a restart without its data. This silo gave back {Rows} rows, as version {Version}.", EventName = "MembershipGivenBack")]
    private static partial void LogGivenBack(ILogger logger, int rows, long version);

    [LoggerMessage(2521, LogLevel.Debug, "The membership in Redis could not be looked at, which is tried again in {Period}: {Reason}", EventName = "MembershipNotSeen")]
    private static partial void LogNotSeen(ILogger logger, TimeSpan period, string reason);

    // Highest id used: 2521
}
