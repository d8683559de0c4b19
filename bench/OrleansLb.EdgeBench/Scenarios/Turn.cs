using OrleansLb.LoadGenerator.Load;

namespace OrleansLb.EdgeBench.Scenarios;

/// <summary>What one contestant did with one load in one round.</summary>
/// <param name="Rate">Requests a second that were due; 0 in a closed loop.</param>
/// <param name="Load">What became of the requests.</param>
/// <param name="Server">Processor time of the contestant's own process and its workers.</param>
/// <param name="Cluster">Processor time of silos and Redis.</param>
/// <param name="Backend">Processor time of the backends.</param>
/// <param name="Others">Share of the machine that no process of the benchmark used, 0 to 1.</param>
internal sealed record Turn(double Rate, LoadResult Load, TimeSpan Server, TimeSpan Cluster, TimeSpan Backend, double Others)
{
    /// <summary>Microseconds of the contestant's own process for one answer.</summary>
    public double ServerCost => Cost(Server);

    /// <summary>Microseconds of silos and Redis for one answer.</summary>
    public double ClusterCost => Cost(Cluster);

    /// <summary>Microseconds of the backends for one answer.</summary>
    public double BackendCost => Cost(Backend);

    private double Cost(TimeSpan time) => time.TotalMicroseconds / Math.Max(1, Load.Answered);
}
