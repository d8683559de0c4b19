using System.Diagnostics.Metrics;
using OrleansLb.Frontend.Leases;

namespace OrleansLb.Frontend.Http.RateLimiting;

/// <summary>What the rate limits decided.</summary>
internal sealed class RateLimitMetrics
{
    public const string MeterName = "OrleansLb.Frontend.RateLimits";

    private static readonly string[] Decisions = ["admitted_by_lease", "admitted_by_range", "admitted_alone", "rejected", "unavailable", "abandoned"];

    private readonly Counter<long> _decisions;

    public RateLimitMetrics(IMeterFactory meters) =>
        _decisions = meters.Create(MeterName).CreateCounter<long>("orleanslb.rate_limit.decisions", "{request}", "Requests by what their rate limit decided.");

    public void Decided(string policy, LimitVerdict verdict)
    {
        if (_decisions.Enabled)
            _decisions.Add(1, new("policy", policy), new("decision", Decisions[(int)verdict]));
    }
}
