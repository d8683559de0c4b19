using System.Globalization;

namespace OrleansLb.EdgeBench.Contestants;

/// <summary>A configuration with many pools, each behind a path of its own.</summary>
internal static class PoolFile
{
    /// <summary>The path of a pool.</summary>
    public static string PathOf(int pool) => string.Create(CultureInfo.InvariantCulture, $"/{pool}/");

    /// <summary>The file.</summary>
    /// <param name="pools">Ports of each pool's backends.</param>
    public static string Of(IReadOnlyList<int[]> pools)
    {
        var routes = pools.Select(static (_, pool) => string.Create(CultureInfo.InvariantCulture, $$""" "{{pool}}": { "ClusterId": "{{pool}}", "Match": { "Path": "{{PathOf(pool)}}{**rest}" } } """));
        var clusters = pools.Select(static (backends, pool) => string.Create(CultureInfo.InvariantCulture, $$""" "{{pool}}": { {{PeerFiles.ClusterWide(backends)}} } """));
        return $$"""
            { "ReverseProxy": {
              "Routes": { {{string.Join(", ", routes)}} },
              "Clusters": { {{string.Join(", ", clusters)}} }
            } }

            """;
    }
}
