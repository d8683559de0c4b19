namespace OrleansLb.LoadGenerator.Load;

/// <summary>When requests are due.</summary>
/// <remarks>
/// At a fixed rate a request is due at its place in the schedule whatever became of the ones before it, and its time is counted from there: a server that
/// stands still for a second is charged with every request of that second, not only with those that were under way.
/// </remarks>
public sealed class Pace
{
    private readonly double _ticksPerRequest;

    private Pace(double ticksPerRequest) => _ticksPerRequest = ticksPerRequest;

    /// <summary>A connection asks again as soon as it has its answer: a closed loop, for throughput at saturation.</summary>
    public static Pace Saturating { get; } = new(0);

    /// <summary>Whether requests have places in a schedule.</summary>
    public bool IsFixed => _ticksPerRequest > 0;

    /// <summary>So many requests a second, evenly spread.</summary>
    /// <param name="requestsPerSecond">More than 0.</param>
    /// <param name="ticksPerSecond">How fast the clock ticks.</param>
    public static Pace Fixed(double requestsPerSecond, long ticksPerSecond)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(requestsPerSecond);
        return new Pace(ticksPerSecond / requestsPerSecond);
    }

    /// <summary>When a request is due, in ticks after the first.</summary>
    /// <param name="number">Its number, from 0.</param>
    public long DueAt(long number) => (long)Math.Ceiling(number * _ticksPerRequest);

    /// <summary>How many are due within a time.</summary>
    /// <param name="ticks">The time.</param>
    public long DueWithin(long ticks)
    {
        if (!IsFixed)
            return 0;
        var count = (long)Math.Ceiling(ticks / _ticksPerRequest);
        // Divided and multiplied again is rounded differently.
        while (count > 0 && DueAt(count - 1) >= ticks)
            count--;
        while (DueAt(count) < ticks)
            count++;
        return count;
    }
}
