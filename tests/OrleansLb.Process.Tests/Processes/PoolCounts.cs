using System.Text.Json.Nodes;

namespace OrleansLb.Process.Tests.Processes;

/// <summary>What the cluster knows of the pool <c>app</c>, as somebody asks who waits for it to recover.</summary>
internal static class PoolCounts
{
    /// <summary>Every front-end is registered, the pool has heard from all of them, and the totals are the sum of the rows.</summary>
    public static async Task<bool> AreRight(ProcessCluster cluster)
    {
        if (await cluster.GetStatus() is not { } status || status.FrontendCount() != cluster.Frontends.Count)
            return false;
        if (status["pools"]!.AsArray().SingleOrDefault() is not { } pool)
            return false;
        var byFrontend = cluster.Frontends.Sum(frontend => status.RequestsInFlight("app", frontend.Name));
        return pool["complete"]!.GetValue<bool>() && byFrontend == status.RequestsInFlight("app") && HasRowsOf(pool, cluster.Frontends);
    }

    /// <summary>Waits until they are, and says how long that took.</summary>
    public static Task<TimeSpan> BecomeRight(ProcessCluster cluster) =>
        Eventually.Holds("counts are right", TimeSpan.FromSeconds(60), () => AreRight(cluster), cluster.Logs);

    /// <summary>The silo that holds the pool: it alone reports it.</summary>
    public static async Task<SiloProcess> Holder(ProcessCluster cluster)
    {
        SiloProcess? holder = null;
        await Eventually.Holds("a silo reports the pool", TimeSpan.FromSeconds(30), async () =>
        {
            foreach (var silo in cluster.Silos)
            {
                if (await cluster.TryGet(new Uri(silo.Status, "/metrics")) is { } metrics && metrics.Contains("orleanslb_backend_up{", StringComparison.Ordinal))
                    holder = silo;
            }

            return holder is not null;
        }, cluster.Logs);
        return holder!;
    }

    private static bool HasRowsOf(JsonNode pool, IEnumerable<FrontendProcess> frontends)
    {
        var reporting = pool["frontends"]!.AsArray().Select(static node => node!.GetValue<string>()).ToHashSet(StringComparer.Ordinal);
        return frontends.All(frontend => reporting.Contains(frontend.Name));
    }
}
