using OrleansLb.Core.Balancing.Exchange;

namespace OrleansLb.Core.Health.Outliers;

/// <summary>What an <see cref="OutlierMachine"/> remembers of one backend.</summary>
internal sealed class OutlierRecord(OutcomeCounters since)
{
    /// <summary>The ejection in force.</summary>
    public Ejection? Ejection { get; set; }

    /// <summary>Ejections that count towards the length of the next.</summary>
    public int Count { get; set; }

    /// <summary>When the last ejection ended.</summary>
    public TimeSpan ReturnedAt { get; set; }

    /// <summary>Totals at the start of the interval.</summary>
    public OutcomeCounters Since { get; set; } = since;

    public bool Slow { get; set; }

    /// <summary>Totals when the latency was judged last; a slow backend gets little traffic, and its answers add up over intervals.</summary>
    public OutcomeCounters LatencySince { get; set; } = since;

    public OutlierVerdict Verdict => new(Ejection, Slow);
}
