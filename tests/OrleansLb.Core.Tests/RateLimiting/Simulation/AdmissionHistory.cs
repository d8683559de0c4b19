using OrleansLb.Core.RateLimiting;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Core.Tests.RateLimiting.Simulation;

/// <summary>Everything that was admitted anywhere, judged afterwards by the definition of the limit alone.</summary>
internal sealed class AdmissionHistory
{
    private readonly List<Admission> _admissions = [];

    public void Add(Admission admission) => _admissions.Add(admission);

    public void AddLeased(Admission admission)
    {
        Leased += admission.Cost;
        Add(admission);
    }

    /// <summary>Permits that leases paid for.</summary>
    public long Leased { get; private set; }

    public long Total => _admissions.Sum(admission => (long)admission.Cost);

    /// <summary>
    /// By how many tokens the worst of all intervals exceeds B + R x (1 + 2 r). With S the running sum, S_j - S_(i-1) - R (t_j - t_i)
    /// is the largest over i when S_(i-1) - R t_i is the smallest, so one pass sees every interval.
    /// </summary>
    public double EnvelopeExcess(LimitRule rule) => EnvelopeExcess(rule.Burst, rule.Rate);

    /// <summary>The same for a burst and a rate.</summary>
    public double EnvelopeExcess(double burst, double exactRate)
    {
        var rate = exactRate * (1 + (2 * LimitRule.ClockRateTolerance));
        var (sum, least, worst) = (0.0, double.MaxValue, double.MinValue);
        foreach (var admission in _admissions.OrderBy(admission => admission.At))
        {
            var credit = rate * admission.At.TotalSeconds;
            least = Math.Min(least, sum - credit);
            sum += admission.Cost;
            worst = Math.Max(worst, sum - credit - least - burst);
        }

        return worst;
    }

    /// <summary>The most permits in any interval of a length.</summary>
    public long MostIn(TimeSpan length)
    {
        var ordered = _admissions.OrderBy(static admission => admission.At).ToArray();
        var (most, sum, first) = (0L, 0L, 0);
        foreach (var admission in ordered)
        {
            sum += admission.Cost;
            while (ordered[first].At <= admission.At - length)
                sum -= ordered[first++].Cost;
            most = Math.Max(most, sum);
        }

        return most;
    }

    /// <summary>
    /// By how many permits the worst admission exceeds previous * (1 - elapsed / W) + current, recounted by time; for a fixed window the one before
    /// does not count.
    /// </summary>
    public double WindowExcess(LimitRule rule)
    {
        var ordered = _admissions.OrderBy(admission => admission.At).ToArray();
        var worst = double.MinValue;
        for (var index = 0; index < ordered.Length; index++)
        {
            var last = ordered[index];
            // Admitted by a front-end on its own: in no window of a range, but counted in those of others.
            if (last.Clock == default)
                continue;
            // A token that was leased in a window before must hold in the one that it was spent in.
            var elapsed = TimeSpan.FromTicks(last.Elapsed.Ticks % rule.Window.Ticks);
            var start = last.At - (elapsed / last.Clock.Rate);
            // Clocks of two activations do not agree where a window before the first of them began.
            var slack = last.Activation == 0 ? TimeSpan.FromTicks(1) : rule.Window * 2.1 * LimitRule.ClockRateTolerance;
            var (previous, current) = (0L, 0L);
            for (var other = index; other >= 0 && ordered[other].At >= start - (rule.Window / last.Clock.Rate) + slack; other--)
            {
                if (ordered[other].At >= start)
                    current += ordered[other].Cost;
                else
                    previous += ordered[other].Cost;
            }

            var weight = rule.Algorithm == RateLimitAlgorithm.FixedWindow ? 0 : 1 - (elapsed / rule.Window);
            worst = Math.Max(worst, (previous * weight) + current - rule.PermitLimit);
        }

        return worst;
    }
}
