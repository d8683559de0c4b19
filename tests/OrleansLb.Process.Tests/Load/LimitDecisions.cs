using System.Globalization;
using OrleansLb.Process.Tests.Processes;

namespace OrleansLb.Process.Tests.Load;

/// <summary>What the front-ends of a cluster say in <c>orleanslb.rate_limit.decisions</c>, all together.</summary>
internal sealed record LimitDecisions(long Admitted, long AdmittedAlone, long Rejected, long RejectedAlone, long Unavailable)
{
    private const string Metric = "orleanslb_rate_limit_decisions";

    /// <summary>All that clients should have got 429 for.</summary>
    public long Refused => Rejected + RejectedAlone + Unavailable;

    public static async Task<LimitDecisions> Of(ProcessCluster cluster)
    {
        var lines = new List<string>();
        foreach (var frontend in cluster.Frontends)
        {
            var metrics = await cluster.TryGet(new Uri(frontend.Status, "/metrics")) ?? throw new InvalidOperationException($"{frontend.Name} has no metrics.");
            lines.AddRange(metrics.Split('\n').Where(static line => line.StartsWith(Metric, StringComparison.Ordinal)));
        }

        long Sum(string decision) => lines.Where(line => line.Contains($"decision=\"{decision}\"", StringComparison.Ordinal)).Sum(Value);
        return new(Sum("admitted_by_lease") + Sum("admitted_by_range"), Sum("admitted_alone"), Sum("rejected"), Sum("rejected_alone"), Sum("unavailable"));
    }

    // "name{labels} value" or "name{labels} value timestamp".
    private static long Value(string line) =>
        (long)double.Parse(line[(line.LastIndexOf('}') + 1)..].Trim().Split(' ')[0], CultureInfo.InvariantCulture);
}
