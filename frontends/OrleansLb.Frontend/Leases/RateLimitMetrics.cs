using System.Diagnostics.Metrics;

namespace OrleansLb.Frontend.Leases;

/// <summary>What the rate limits decided.</summary>
internal sealed class RateLimitMetrics
{
    public const string MeterName = "OrleansLb.Frontend.RateLimits";

    private static readonly string[] Decisions = ["admitted_by_lease", "admitted_by_range", "admitted_alone", "exempt", "rejected", "rejected_alone", "unavailable", "abandoned", "given_back"];

    private readonly Counter<long> _decisions;
    private readonly Histogram<double> _delays;

    public RateLimitMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _decisions = meter.CreateCounter<long>("orleanslb.rate_limit.decisions", "{request}", "Requests by what their rate limit decided.");
        _delays = meter.CreateHistogram<double>("orleanslb.rate_limit.delay", "s", "How long requests had to wait for their turn in a leaky bucket, or for one of those in flight to end.");
    }

    /// <summary>What a verdict is called.</summary>
    public static string NameOf(LimitVerdict verdict) => Decisions[(int)verdict];

    public void Decided(string policy, in LimitOutcome outcome)
    {
        if (_decisions.Enabled)
            _decisions.Add(1, new("policy", policy), new("decision", NameOf(outcome.Verdict)));
        if (outcome.Delay + outcome.Waited is var delay && delay > TimeSpan.Zero)
            _delays.Record(delay.TotalSeconds, new KeyValuePair<string, object?>("policy", policy));
    }
}
