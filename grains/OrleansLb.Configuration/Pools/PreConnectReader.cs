using OrleansLb.Configuration.Settings;
using Yarp.ReverseProxy.Configuration;

namespace OrleansLb.Configuration.Pools;

/// <summary>Reads how many connections to each backend front-ends hold ready. What would leave a cluster's requests to YARP's client, which uses none of them, is refused beside it.</summary>
internal static class PreConnectReader
{
    public const string Key = "PreConnect";
    public const int Most = 256;

    /// <summary>Reads; 0 for none.</summary>
    public static int Read(ClusterConfig cluster, SettingsNode root, Problems problems)
    {
        var path = $"ReverseProxy:Clusters:{cluster.ClusterId}";
        var wanted = root.Find($"{path}:OrleansLb").Whole(Key) ?? 0;
        if (wanted == 0)
            return 0;
        var (key, client) = ($"{path}:OrleansLb:{Key}", cluster.HttpClient);
        foreach (var (id, destination) in cluster.Destinations ?? new Dictionary<string, DestinationConfig>())
        {
            if (destination.Address?.StartsWith("http://", StringComparison.OrdinalIgnoreCase) == false)
                problems.Error(key, $"holds only connections without TLS ready, and {Quote.Value(destination.Address)} of {id} is not http");
        }

        if (cluster.HttpRequest is { Version: { Major: not 1 }, VersionPolicy: HttpVersionPolicy.RequestVersionExact or HttpVersionPolicy.RequestVersionOrHigher })
            problems.Error(key, "holds only connections of HTTP/1.1 ready, and the cluster's HttpRequest wants another version");
        if (client?.WebProxy is not null)
            problems.Error(key, "holds only connections to the destinations themselves ready, and the cluster's HttpClient has a WebProxy");
        if (client?.MaxConnectionsPerServer < wanted)
            problems.Error(key, FormattableString.Invariant($"is more than the {client.MaxConnectionsPerServer} connections of HttpClient:MaxConnectionsPerServer"));
        return wanted;
    }
}
