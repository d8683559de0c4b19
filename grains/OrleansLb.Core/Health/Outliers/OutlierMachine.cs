using OrleansLb.Core.Balancing.Exchange;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Core.Health.Outliers;

/// <summary>
/// Takes backends out for a time whose requests fail more than those of the others, by the outcomes of all front-ends together, and holds
/// the cap on that once for the whole cluster. Semantics are those of Envoy's outlier detection where it has them. Not thread-safe.
/// </summary>
public sealed class OutlierMachine
{
    // With fewer answers the mean time to one is chance.
    private const int FewestHeads = 20;

    // Longer than any ejection can grow.
    private const int MostCounted = 1_000_000;

    private readonly Dictionary<BackendKey, OutlierRecord> _records = [];
    private OutlierDefinition? _settings;
    private TimeSpan _intervalEndsAt;
    private bool _anyEjected;

    /// <summary>What holds of a backend.</summary>
    /// <param name="key">The backend.</param>
    public OutlierVerdict VerdictOf(BackendKey key) => _records.TryGetValue(key, out var record) ? record.Verdict : OutlierVerdict.None;

    /// <summary>The configuration changed. Backends that stay keep what is known of them.</summary>
    /// <param name="pool">The pool as configured; without outlier detection every backend returns.</param>
    /// <param name="outcomes">Outcomes so far, which are not held against anybody that is new.</param>
    /// <param name="now">Monotonic time.</param>
    public IReadOnlyList<OutlierChange> Configure(PoolDefinition pool, IPoolOutcomes outcomes, TimeSpan now)
    {
        ArgumentNullException.ThrowIfNull(pool);
        ArgumentNullException.ThrowIfNull(outcomes);
        var changes = pool.Outlier is null ? Forgive() : [];
        if (pool.Outlier is { } settings && settings.Interval != _settings?.Interval)
            _intervalEndsAt = now + settings.Interval;
        _settings = pool.Outlier;
        var keys = _settings is null ? [] : pool.Backends.Select(static backend => backend.Key).ToHashSet();
        foreach (var gone in _records.Keys.Except(keys).ToArray())
            _records.Remove(gone);
        foreach (var added in keys.Except(_records.Keys).ToArray())
            _records[added] = new OutlierRecord(outcomes.OutcomesOf(added));
        return changes;
    }

    /// <summary>Goes on from what was told of a backend before this machine began. What is over, or of no configured backend, changes nothing.</summary>
    /// <param name="key">The backend.</param>
    /// <param name="verdict">What was told.</param>
    /// <param name="now">Monotonic time.</param>
    /// <returns>What holds of it from now on.</returns>
    public OutlierVerdict Resume(BackendKey key, in OutlierVerdict verdict, TimeSpan now)
    {
        if (_settings is null || !_records.TryGetValue(key, out var record))
            return OutlierVerdict.None;
        record.Slow = verdict.Slow && _settings.DegradedLatencyFactor is not null;
        if (verdict.Ejection is { } ejection && ejection.Until > now)
        {
            var latest = now + LengthOf(_settings, int.MaxValue);
            record.Ejection = ejection with { Until = ejection.Until < latest ? ejection.Until : latest };
            record.Count = Math.Clamp(ejection.Count, 1, MostCounted);
            _anyEjected = true;
        }

        return record.Verdict;
    }

    /// <summary>Looks at the outcomes: at once for failures in a row and ends of ejections, every interval for all else.</summary>
    /// <param name="outcomes">Outcomes over all front-ends; streaks that were dealt with are forgotten there.</param>
    /// <param name="pool">Who else of the pool is in service, by its administrator and its monitors.</param>
    /// <param name="now">Monotonic time.</param>
    /// <returns>What changed, in order.</returns>
    public IReadOnlyList<OutlierChange> Judge(IPoolOutcomes outcomes, PoolEligibilityState pool, TimeSpan now)
    {
        ArgumentNullException.ThrowIfNull(outcomes);
        ArgumentNullException.ThrowIfNull(pool);
        if (_settings is not { } settings)
            return [];
        var round = new OutlierRound(settings, _records, outcomes, pool, now);
        // Who returns now is not held to what failed while it was out: streaks are asked for after it.
        if (_anyEjected)
            round.EndEjections();
        if (settings.ConsecutiveFailures > 0)
            round.EjectStreaks(outcomes.Streaks(settings.ConsecutiveFailures, now));
        if (now >= _intervalEndsAt)
        {
            round.JudgeInterval(FewestHeads);
            _intervalEndsAt = now + settings.Interval;
        }

        if (round.Changes.Count > 0)
            _anyEjected = _records.Values.Any(static record => record.Ejection is not null);
        return round.Changes;
    }

    /// <summary>How long an ejection lasts.</summary>
    internal static TimeSpan LengthOf(OutlierDefinition settings, int count)
    {
        var most = settings.MaxEjection > settings.BaseEjection ? settings.MaxEjection : settings.BaseEjection;
        return count >= most / settings.BaseEjection ? most : settings.BaseEjection * count;
    }

    private List<OutlierChange> Forgive()
    {
        var changes = new List<OutlierChange>();
        foreach (var (key, record) in _records)
        {
            if (record.Ejection is not null)
                changes.Add(new OutlierChange(key, OutlierChangeKind.Returned, OutlierVerdict.None, default));
            else if (record.Slow)
                changes.Add(new OutlierChange(key, OutlierChangeKind.Recovered, OutlierVerdict.None, default));
        }

        return changes;
    }
}
