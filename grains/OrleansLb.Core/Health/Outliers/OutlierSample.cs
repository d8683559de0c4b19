using OrleansLb.Core.Balancing.Exchange;

namespace OrleansLb.Core.Health.Outliers;

/// <summary>What came of one backend's requests in some time.</summary>
internal readonly record struct OutlierSample(BackendKey Key, OutcomeCounters Counters)
{
    public double SuccessPercent => 100.0 * Counters.Heads / Counters.Answers;

    public double FailurePercent => 100.0 * Counters.ServerErrors / Counters.Answers;
}
