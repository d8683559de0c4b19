namespace OrleansLb.Core.Balancing.Orca;

/// <summary>
/// What a backend says of its whole load in an answer: the fields of ORCA's <c>OrcaLoadReport</c> (Open Request Cost Aggregation, version 3) from which weights
/// are made. Others are skipped. A field that is missing is 0.
/// </summary>
/// <param name="CpuUtilization"><c>cpu_utilization</c>: share of the processors in use; 1 is full, more is possible.</param>
/// <param name="ApplicationUtilization"><c>application_utilization</c>: share in use of what the application itself holds to be scarce.</param>
/// <param name="RequestRate"><c>rps_fractional</c>: requests a second, failed ones included.</param>
/// <param name="FailureRate"><c>eps</c>: failed requests a second.</param>
public readonly record struct OrcaReport(double CpuUtilization, double ApplicationUtilization, double RequestRate, double FailureRate)
{
    /// <summary>What counts as its utilisation: the application's word where it has one, else that of the processors (gRFC A58).</summary>
    public double Utilization => ApplicationUtilization > 0 ? ApplicationUtilization : CpuUtilization;
}
