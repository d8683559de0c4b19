namespace OrleansLb.Core.Balancing;

/// <summary>Completes what is known of the backends' response times, so that a newcomer is neither shunned nor overrun.</summary>
public static class ResponseTimes
{
    /// <summary>Gives the backends without samples the median of the others. Sorts: for each new snapshot, not for each request.</summary>
    /// <param name="known">Per backend its response time in seconds; 0, less, infinite or not-a-number when it has none.</param>
    /// <param name="complete">Receives a usable time for each: above 0. At least as long; not the same memory. Without any sample all are 1.</param>
    public static void Complete(ReadOnlySpan<double> known, Span<double> complete)
    {
        var median = Median(known, complete);
        for (var i = 0; i < known.Length; i++)
            complete[i] = IsKnown(known[i]) ? PickWeight.Of(known[i]) : median;
    }

    // The receiving memory serves for sorting: nothing need be allocated.
    private static double Median(ReadOnlySpan<double> known, Span<double> scratch)
    {
        var count = 0;
        foreach (var time in known)
        {
            if (IsKnown(time))
                scratch[count++] = PickWeight.Of(time);
        }

        if (count == 0)
            return 1;
        scratch[..count].Sort();
        return (scratch[(count - 1) / 2] + scratch[count / 2]) / 2;
    }

    private static bool IsKnown(double time) => time > 0 && double.IsFinite(time);
}
