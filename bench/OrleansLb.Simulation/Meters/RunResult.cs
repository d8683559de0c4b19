using System.Collections.Immutable;
using OrleansLb.Reports;

namespace OrleansLb.Simulation.Meters;

/// <summary>What one run measured.</summary>
/// <param name="Times">Times from pick to end of the requests that arrived while measuring, in service times.</param>
/// <param name="Spread">Time average of (most in flight at a backend) / (mean in flight), per weight.</param>
/// <param name="HerdIndex">How often front-ends pick alike, as a multiple of chance.</param>
/// <param name="ExchangesPerRequest">Reports sent for each request.</param>
/// <param name="Lost">Requests that a dying front-end took along.</param>
/// <param name="Picks">Picks by backend.</param>
public sealed record RunResult(TimeHistogram Times, double Spread, double HerdIndex, double ExchangesPerRequest, long Lost, ImmutableArray<long> Picks)
{
    /// <summary>Requests that their backends failed.</summary>
    public long Failed { get; init; }

    /// <summary>Picks of a backend that the pool had ruled out, and long enough ago for every front-end to know, although another one took traffic.</summary>
    public long Misdirected { get; init; }

    /// <summary>Per backend the most that it ever had in flight, relative to the mean over the backends and the time, both per weight.</summary>
    public ImmutableArray<double> Peaks { get; init; } = [];
}
