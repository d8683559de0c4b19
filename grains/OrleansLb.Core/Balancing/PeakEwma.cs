namespace OrleansLb.Core.Balancing;

/// <summary>
/// The response time of a backend as Finagle and linkerd measure it: an exponentially weighted moving average that jumps to a peak at once and comes down
/// from it with a time constant, so a backend that turns slow is noticed with its first slow response and trusted again only step by step. Without
/// responses it fades towards nothing, so that a backend that got no more traffic is tried again. A value: observing gives a new one.
/// </summary>
/// <param name="Seconds">The average at <paramref name="At"/>; 0 when there are no samples.</param>
/// <param name="At">Monotonic time of the last sample.</param>
public readonly record struct PeakEwma(double Seconds, TimeSpan At)
{
    // Nothing takes no time, and 0 means that there are no samples.
    private const double ShortestSeconds = 1e-6;

    /// <summary>How long a peak takes to fall to 37 %: Finagle's and linkerd's.</summary>
    public static TimeSpan DefaultDecay { get; } = TimeSpan.FromSeconds(10);

    /// <summary>Nothing observed.</summary>
    public static PeakEwma None { get; }

    /// <summary>Whether anything was observed.</summary>
    public bool HasSamples => Seconds > 0;

    /// <summary>Takes in the response time of one request.</summary>
    /// <param name="took">How long it took; a failure may be given the time it should have cost.</param>
    /// <param name="now">Monotonic time; one that lies before the last sample's counts as that.</param>
    /// <param name="decay">The time constant; 0 or less forgets everything before the sample.</param>
    public PeakEwma Observe(TimeSpan took, TimeSpan now, TimeSpan decay)
    {
        var sample = Math.Max(ShortestSeconds, took.TotalSeconds);
        var at = now > At || !HasSamples ? now : At;
        if (sample >= Seconds)
            return new PeakEwma(sample, at);
        var kept = Remaining(at - At, decay);
        return new PeakEwma((Seconds * kept) + (sample * (1 - kept)), at);
    }

    /// <summary>The response time in seconds at a later moment, faded since the last sample; 0 when there are no samples.</summary>
    /// <param name="now">Monotonic time.</param>
    /// <param name="decay">The time constant.</param>
    public double Read(TimeSpan now, TimeSpan decay) => Seconds * Remaining(now - At, decay);

    private static double Remaining(TimeSpan age, TimeSpan decay)
    {
        if (age <= TimeSpan.Zero)
            return 1;
        return decay > TimeSpan.Zero ? Math.Exp(-(age / decay)) : 0;
    }
}
