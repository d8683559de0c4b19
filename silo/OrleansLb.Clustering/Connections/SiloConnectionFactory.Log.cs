using System.Net;
using Microsoft.Extensions.Logging;

namespace OrleansLb.Clustering.Connections;

internal sealed partial class SiloConnectionFactory
{
    [LoggerMessage(2547, LogLevel.Error, "Silo {Silo} is off loopback, and this process has no certificate by which they could know each other (OrleansLb:Cluster:Tls), nor does OrleansLb:Cluster:Insecure say that the network is trusted: it is told nothing.", EventName = "SiloOffLoopback")]
    private static partial void LogOffLoopback(ILogger logger, EndPoint silo);

    // Highest id used: 2547
}
