using Microsoft.Extensions.Logging;

namespace OrleansLb.Clustering.Membership;

internal sealed partial class EmptyRedisPause
{
    [LoggerMessage(2530, LogLevel.Information, "Redis knows no member of this cluster. This silo begins a new one in {Patience}, unless silos that run give the membership back until then.", EventName = "NoMemberFound")]
    private static partial void LogWaiting(ILogger logger, TimeSpan patience);

    // Highest id used: 2530
}
