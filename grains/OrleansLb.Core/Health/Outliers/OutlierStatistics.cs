using OrleansLb.Core.Snapshots;

namespace OrleansLb.Core.Health.Outliers;

/// <summary>
/// Which backends stand out among the others in one interval. The two rules of success are those of Envoy's outlier detection
/// (envoy.config.cluster.v3.OutlierDetection), over the answers of all front-ends.
/// </summary>
internal static class OutlierStatistics
{
    /// <summary>Backends whose success rate is lower than the mean by more than a multiple of the standard deviation, the worst first.</summary>
    public static IEnumerable<(BackendKey Key, OutlierEvidence Evidence)> BySuccessRate(IEnumerable<OutlierSample> samples, OutlierDefinition settings)
    {
        var busy = samples.Where(sample => sample.Counters.Answers >= settings.SuccessRateRequestVolume).ToArray();
        if (settings.SuccessRateStdevFactor <= 0 || busy.Length < settings.SuccessRateMinimumHosts)
            return [];
        var mean = busy.Average(static sample => sample.SuccessPercent);
        var deviation = Math.Sqrt(busy.Average(sample => (sample.SuccessPercent - mean) * (sample.SuccessPercent - mean)));
        var limit = mean - (settings.SuccessRateStdevFactor * deviation);
        return busy
            .Where(sample => sample.SuccessPercent < limit)
            .OrderBy(static sample => sample.SuccessPercent).ThenBy(static sample => sample.Key.Value)
            .Select(sample => (sample.Key, new OutlierEvidence(OutlierCause.SuccessRate, sample.SuccessPercent, limit, sample.Counters.Answers, 0)));
    }

    /// <summary>Backends with a share of server errors of the configured size or more, the worst first.</summary>
    public static IEnumerable<(BackendKey Key, OutlierEvidence Evidence)> ByFailurePercentage(IEnumerable<OutlierSample> samples, OutlierDefinition settings)
    {
        var busy = samples.Where(sample => sample.Counters.Answers >= settings.FailurePercentRequestVolume).ToArray();
        if (settings.FailurePercentThreshold is not { } limit || busy.Length < settings.FailurePercentMinimumHosts)
            return [];
        return busy
            .Where(sample => sample.FailurePercent >= limit)
            .OrderByDescending(static sample => sample.FailurePercent).ThenBy(static sample => sample.Key.Value)
            .Select(sample => (sample.Key, new OutlierEvidence(OutlierCause.FailurePercentage, sample.FailurePercent, limit, sample.Counters.Answers, 0)));
    }

    /// <summary>The middle of the mean times to answer; of two middles the lower, so that of two backends the quicker one is the measure.</summary>
    public static TimeSpan MedianHeadTime(IReadOnlyCollection<OutlierSample> samples) =>
        samples.Select(static sample => sample.Counters.MeanHeadTime).Order().ElementAtOrDefault((samples.Count - 1) / 2);
}
