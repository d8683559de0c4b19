namespace OrleansLb.Core.Balancing;

/// <summary>
/// What backends usually had in flight while their response times were measured. A time that was measured behind ten others says little of a backend
/// that has nothing to do now; divided by its usual load it says how long one request takes there, times its load now how long the next one will.
/// </summary>
public static class UsualLoads
{
    /// <summary>Takes in what backends have now: means in which the past counts as it does in response times.</summary>
    /// <param name="loads">Per backend what it would have in flight with the request to place: the estimate plus one.</param>
    /// <param name="since">Time since the means were brought up to date; <see langword="null"/> for the first time.</param>
    /// <param name="usual">The means; as many as loads.</param>
    public static void Observe(ReadOnlySpan<double> loads, TimeSpan? since, Span<double> usual)
    {
        var kept = since is { } time ? Math.Exp(-Math.Max(0, time / PeakEwma.DefaultDecay)) : 0;
        for (var i = 0; i < loads.Length; i++)
            usual[i] = (usual[i] * kept) + (loads[i] * (1 - kept));
    }

    /// <summary>Response times for each request in flight.</summary>
    /// <param name="responseTimes">Per backend its response time, as <see cref="ResponseTimes.Complete"/> gave.</param>
    /// <param name="usual">Per backend its usual load, above 0.</param>
    /// <param name="paces">Receives them; may be the same memory as the times.</param>
    public static void Divide(ReadOnlySpan<double> responseTimes, ReadOnlySpan<double> usual, Span<double> paces)
    {
        for (var i = 0; i < responseTimes.Length; i++)
            paces[i] = responseTimes[i] / usual[i];
    }
}
