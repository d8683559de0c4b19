namespace OrleansLb.Core.Balancing;

/// <summary>
/// Picks the backend with the least response time x outstanding requests / weight, over all front-ends. That is <see cref="LeastRequestsPicker"/> with each
/// weight divided by the response time, so the requests that other front-ends have sent unseen are taken into account in the same way and many
/// front-ends do not run to the backend that was the fastest in the last snapshot.
/// </summary>
public static class LeastResponseTimePicker
{
    /// <summary>Works out the weights to pick by. They change with a snapshot, not with each request.</summary>
    /// <param name="weights">Per backend its weight, taken as by <see cref="PickWeight"/>.</param>
    /// <param name="responseTimes">Per backend its response time in seconds, as <see cref="PeakEwma"/> says; 0 when it has no samples: it is then taken to have the pool's median.</param>
    /// <param name="speeds">Receives weight / response time for each; at least as long, and none of the other two's memory.</param>
    public static void Weigh(ReadOnlySpan<double> weights, ReadOnlySpan<double> responseTimes, Span<double> speeds)
    {
        speeds = speeds[..weights.Length];
        ResponseTimes.Complete(responseTimes[..weights.Length], speeds);
        var any = false;
        foreach (var weight in weights)
            any |= weight > 0;
        for (var i = 0; i < weights.Length; i++)
            speeds[i] = (any ? PickWeight.Of(weights[i]) : 1) / speeds[i];
    }

    /// <summary>Picks one of some backends.</summary>
    /// <param name="loads">Per backend what it would have in flight with the request to place: the estimate plus one.</param>
    /// <param name="known">The same as the other front-ends see it: without what only this one knows.</param>
    /// <param name="speeds">Per backend what <see cref="Weigh"/> gave.</param>
    /// <param name="unseen">Requests of the others in flight that are in neither, 0 or more.</param>
    /// <param name="random">Breaks ties and draws shares.</param>
    /// <returns>Index of the backend; -1 when there is none.</returns>
    public static int Pick(ReadOnlySpan<double> loads, ReadOnlySpan<double> known, ReadOnlySpan<double> speeds, double unseen, ref PickRandom random) =>
        LeastRequestsPicker.Pick(loads, known, speeds, unseen, ref random);
}
