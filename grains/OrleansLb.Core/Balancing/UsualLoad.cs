namespace OrleansLb.Core.Balancing;

/// <summary>
/// What a backend usually had in flight while its response time was measured. A time that was measured behind ten others says little of a backend
/// that has nothing to do now; divided by its usual load it says how long one request takes there, times its load now how long the next one will.
/// A value: observing gives a new one.
/// </summary>
/// <param name="Mean">The mean at <paramref name="At"/>, in which the past counts as it does in response times; 0 when nothing was observed.</param>
/// <param name="At">Monotonic time of the last observation.</param>
public readonly record struct UsualLoad(double Mean, TimeSpan At)
{
    // Nobody looked in between: what there is now was not there all the time.
    private static readonly TimeSpan LongestStep = TimeSpan.FromSeconds(1);

    /// <summary>Nothing observed.</summary>
    public static UsualLoad None { get; }

    /// <summary>Takes in what the backend has now.</summary>
    /// <param name="load">What it would have in flight with the request to place: the estimate plus one.</param>
    /// <param name="now">Monotonic time; one that lies before the last observation's counts as that.</param>
    public UsualLoad Observe(double load, TimeSpan now)
    {
        if (Mean <= 0)
            return new UsualLoad(load, now);
        var step = Math.Clamp((now - At).Ticks, 0, LongestStep.Ticks);
        var kept = Math.Exp(-(TimeSpan.FromTicks(step) / PeakEwma.DefaultDecay));
        return new UsualLoad((Mean * kept) + (load * (1 - kept)), now > At ? now : At);
    }
}
