using System.Net;
using Microsoft.Extensions.Logging;

namespace OrleansLb.Clustering.Tls;

internal sealed partial class ClusterHandshake
{
    [LoggerMessage(2545, LogLevel.Warning, "A connection with {Peer} was not made, because of its {Reason}: {Detail}", EventName = "ClusterConnectionRefused")]
    private static partial void LogRefused(ILogger logger, EndPoint? peer, RefusalReason reason, string detail);

    // Highest id used: 2545
}
