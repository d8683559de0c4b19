using OrleansLb.Core.Balancing.Exchange;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Core.Health.Outliers;

/// <summary>One look of an <see cref="OutlierMachine"/> at its pool.</summary>
internal sealed class OutlierRound(
    OutlierDefinition settings,
    Dictionary<BackendKey, OutlierRecord> records,
    IPoolOutcomes outcomes,
    PoolEligibilityState pool,
    TimeSpan now)
{
    private List<OutlierChange>? _changes;

    public IReadOnlyList<OutlierChange> Changes => _changes ?? (IReadOnlyList<OutlierChange>)[];

    /// <summary>Ends ejections whose time is over, that the monitor's verdict has overtaken, or that a smaller pool cannot bear.</summary>
    public void EndEjections()
    {
        foreach (var member in pool.Members)
        {
            if (!IsEjected(member.Key, out var ejection))
                continue;
            if (member.IsDown)
                Return(member.Key, OutlierChangeKind.LeftToMonitor);
            else if (now >= ejection.Until)
                Return(member.Key, OutlierChangeKind.Returned);
        }

        foreach (var excess in Ejected().OrderBy(static ejected => ejected.Ejection.Until).SkipLast(Cap).ToArray())
            Return(excess.Key, OutlierChangeKind.Returned);
    }

    /// <summary>Ejects backends that failed too often in a row, the longest run first.</summary>
    public void EjectStreaks(IReadOnlyList<FailureStreak> streaks)
    {
        if (streaks.Count == 0)
            return;
        foreach (var streak in streaks.OrderByDescending(static streak => streak.Length).ThenBy(static streak => streak.Key.Value))
        {
            TryEject(streak.Key, new OutlierEvidence(
                OutlierCause.ConsecutiveFailures, streak.Length, settings.ConsecutiveFailures, streak.Length, streak.Frontends));
            // Dealt with, even if the cap spared it: it takes as many new failures to be looked at again.
            outcomes.ForgetStreak(streak.Key);
        }
    }

    /// <summary>Compares the backends with each other, and begins a new interval.</summary>
    public void JudgeInterval(int fewestHeads)
    {
        OutlierSample[] samples = [.. Judged().Select(key => new OutlierSample(key, outcomes.OutcomesOf(key) - records[key].Since))];
        foreach (var (key, evidence) in OutlierStatistics.BySuccessRate(samples, settings))
            TryEject(key, evidence);
        foreach (var (key, evidence) in OutlierStatistics.ByFailurePercentage(samples, settings))
            TryEject(key, evidence);
        JudgeLatency(fewestHeads);
        foreach (var (key, record) in records)
        {
            record.Since = outcomes.OutcomesOf(key);
            if (record is { Ejection: null, Count: > 0 } && now - record.ReturnedAt >= settings.Interval)
                record.Count--;
        }
    }

    private int Cap => Math.Min(
        Math.Max(1, settings.MaxEjectionPercent * pool.Members.Count(static member => member.IsInService) / 100),
        pool.Members.Count(static member => member.IsInService) - 1);

    private void TryEject(BackendKey key, in OutlierEvidence evidence)
    {
        var eligible = pool.Members.Where(IsEligible).Select(static member => member.Key).ToArray();
        if (!eligible.Contains(key) || eligible.Length < 2 || Ejected().Count() >= Cap)
            return;
        var record = records[key];
        record.Count++;
        record.Ejection = new Ejection(evidence.Cause, record.Count, now + OutlierMachine.LengthOf(settings, record.Count));
        Add(new OutlierChange(key, OutlierChangeKind.Ejected, record.Verdict, evidence));
    }

    private void Return(BackendKey key, OutlierChangeKind kind)
    {
        var record = records[key];
        (record.Ejection, record.ReturnedAt, record.Since) = (null, now, outcomes.OutcomesOf(key));
        // What was in flight when it was ejected may have failed since, and says nothing new.
        outcomes.ForgetStreak(key);
        Add(new OutlierChange(key, kind, record.Verdict, default));
    }

    private void Add(in OutlierChange change) => (_changes ??= []).Add(change);

    private void JudgeLatency(int fewestHeads)
    {
        OutlierSample[] samples =
        [
            .. Judged().Select(key => new OutlierSample(key, outcomes.OutcomesOf(key) - records[key].LatencySince))
                .Where(sample => sample.Counters.Heads >= fewestHeads),
        ];
        var median = OutlierStatistics.MedianHeadTime(samples);
        foreach (var sample in samples)
            JudgeLatency(sample, median);
        var judged = samples.Select(static sample => sample.Key).ToHashSet();
        foreach (var (key, record) in records)
        {
            if (!record.Slow || judged.Contains(key))
                record.LatencySince = outcomes.OutcomesOf(key);
        }
    }

    private void JudgeLatency(in OutlierSample sample, TimeSpan median)
    {
        var record = records[sample.Key];
        // It takes more to be called slow than to stay so, lest a backend on the border changes its share every interval.
        var limit = settings.DegradedLatencyFactor is { } factor ? median * (record.Slow ? (1 + factor) / 2 : factor) : TimeSpan.MaxValue;
        var slow = sample.Counters.MeanHeadTime > limit;
        if (slow == record.Slow)
            return;
        record.Slow = slow;
        var evidence = new OutlierEvidence(
            OutlierCause.Latency, sample.Counters.MeanHeadTime.TotalMilliseconds, median.TotalMilliseconds, sample.Counters.Heads, 0);
        Add(new OutlierChange(sample.Key, slow ? OutlierChangeKind.Slowed : OutlierChangeKind.Recovered, record.Verdict, evidence));
    }

    private IEnumerable<BackendKey> Judged() => pool.Members.Where(IsEligible).Select(static member => member.Key);

    private bool IsEligible(PoolMember member) =>
        member is { IsInService: true, Agent.IsDown: false, IsDown: false, Verdict.Waiting: false }
        && records.TryGetValue(member.Key, out var record) && record.Ejection is null;

    private IEnumerable<(BackendKey Key, Ejection Ejection)> Ejected()
    {
        foreach (var member in pool.Members)
        {
            if (member.IsInService && IsEjected(member.Key, out var ejection))
                yield return (member.Key, ejection);
        }
    }

    private bool IsEjected(BackendKey key, out Ejection ejection)
    {
        var found = records.TryGetValue(key, out var record) ? record.Ejection : null;
        ejection = found.GetValueOrDefault();
        return found is not null;
    }
}
