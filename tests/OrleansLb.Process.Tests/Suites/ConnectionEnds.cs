using System.Globalization;
using OrleansLb.Process.Tests.Processes;

namespace OrleansLb.Process.Tests.Suites;

/// <summary>Connections that a front-end has ended for one reason, as it says in <c>kestrel.connection.duration</c>.</summary>
/// <param name="Count">How many.</param>
/// <param name="Seconds">How long they were, all together.</param>
/// <param name="Longer">How many were longer than is allowed.</param>
internal sealed record ConnectionEnds(long Count, double Seconds, long Longer)
{
    private const string Metric = "kestrel_connection_duration_seconds_";

    /// <summary>How long one was.</summary>
    public TimeSpan Mean => Count == 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(Seconds / Count);

    /// <param name="cluster">The cluster.</param>
    /// <param name="frontend">One of its front-ends.</param>
    /// <param name="reason">Why they were ended.</param>
    /// <param name="longest">How many seconds are allowed; a bound of the histogram.</param>
    public static async Task<ConnectionEnds> Of(ProcessCluster cluster, FrontendProcess frontend, string reason, int longest)
    {
        var metrics = await cluster.TryGet(new Uri(frontend.Status, "/metrics")) ?? throw new InvalidOperationException($"{frontend.Name} has no metrics.");
        var lines = metrics.Split('\n').Where(line => line.StartsWith(Metric, StringComparison.Ordinal) && line.Contains($"error_type=\"{reason}\"", StringComparison.Ordinal)).ToList();
        var (count, bucket) = ((long)Sum(lines, "count{"), lines.Where(line => line.Contains($"le=\"{longest}\"", StringComparison.Ordinal)).ToList());
        return new(count, Sum(lines, "sum{"), count - (long)Sum(bucket, "bucket{"));
    }

    private static double Sum(List<string> lines, string part) => lines.Where(line => line.StartsWith(Metric + part, StringComparison.Ordinal)).Sum(Value);

    // "name{labels} value" or "name{labels} value timestamp".
    private static double Value(string line) => double.Parse(line[(line.LastIndexOf('}') + 1)..].Trim().Split(' ')[0], CultureInfo.InvariantCulture);
}
