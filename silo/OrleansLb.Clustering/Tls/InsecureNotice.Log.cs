using Microsoft.Extensions.Logging;

namespace OrleansLb.Clustering.Tls;

internal sealed partial class InsecureNotice
{
    [LoggerMessage(2546, LogLevel.Warning, "What silos and front-ends say to each other is neither encrypted nor authenticated, because OrleansLb:Cluster:Insecure allows it: whoever reaches these ports is one of them.", EventName = "ClusterInsecure")]
    private static partial void LogInsecure(ILogger logger);

    // Highest id used: 2546
}
