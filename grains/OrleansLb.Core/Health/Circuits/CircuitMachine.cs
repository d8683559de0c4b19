using System.Globalization;
using OrleansLb.Core.Balancing.Exchange;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Core.Health.Circuits;

/// <summary>
/// Breaks the circuit to a backend whose answers are server errors too often, by the outcomes of all front-ends together, whatever the others of the pool do; and mends it by one request at
/// a time in the whole cluster. Not thread-safe: one caller at a time.
/// </summary>
/// <param name="seed">Trials are numbered from here on, 0 or more. Two lives of a pool must not number theirs alike.</param>
public sealed class CircuitMachine(long seed)
{
    private readonly Dictionary<BackendKey, CircuitRecord> _records = [];
    private CircuitDefinition? _settings;
    private long _trial = seed;

    /// <summary>What a backend's circuit carries.</summary>
    /// <param name="key">The backend; one that is not known has a closed circuit.</param>
    public CircuitState StateOf(BackendKey key) => _records.TryGetValue(key, out var record) ? record.State : CircuitState.Closed;

    /// <summary>How a backend's circuit stands.</summary>
    /// <param name="key">The backend.</param>
    /// <param name="now">Monotonic time.</param>
    /// <returns><see langword="null"/> without circuits, or of a backend that is not known.</returns>
    public CircuitStanding? StandingOf(BackendKey key, TimeSpan now)
    {
        if (_settings is null || !_records.TryGetValue(key, out var record))
            return null;
        var left = record.State == CircuitState.Open && record.OpenUntil > now ? record.OpenUntil - now : TimeSpan.Zero;
        return new CircuitStanding(record.State, left, record.Trial != 0);
    }

    /// <summary>The configuration changed. Backends that stay keep what is known of them.</summary>
    /// <param name="pool">The pool as configured; without circuits all are closed.</param>
    /// <param name="outcomes">Outcomes so far, which are not held against anybody that is new.</param>
    /// <param name="now">Monotonic time.</param>
    public IReadOnlyList<CircuitChange> Configure(PoolDefinition pool, IPoolOutcomes outcomes, TimeSpan now)
    {
        ArgumentNullException.ThrowIfNull(pool);
        ArgumentNullException.ThrowIfNull(outcomes);
        _settings = pool.Circuit;
        var changes = _settings is not null ? [] : _records
            .Where(static record => record.Value.State != CircuitState.Closed)
            .Select(static record => new CircuitChange(record.Key, CircuitState.Closed, TimeSpan.Zero, "circuits are not configured any more")).ToArray();
        var keys = _settings is null ? [] : pool.Backends.Select(static backend => backend.Key).ToHashSet();
        foreach (var gone in _records.Keys.Except(keys).ToArray())
            _records.Remove(gone);
        foreach (var added in keys.Except(_records.Keys).ToArray())
        {
            _records[added] = new CircuitRecord();
            _records[added].Forget(outcomes.OutcomesOf(added), now);
        }

        return changes;
    }

    /// <summary>Goes on from what was told of a backend before this machine began: a trial of then may still be under way, so that there is none before it must have ended.</summary>
    /// <param name="key">The backend.</param>
    /// <param name="state">What was told.</param>
    /// <param name="now">Monotonic time.</param>
    /// <returns>What holds from now on.</returns>
    public CircuitState Resume(BackendKey key, CircuitState state, TimeSpan now)
    {
        if (_settings is not { } settings || !_records.TryGetValue(key, out var record))
            return CircuitState.Closed;
        record.State = state;
        record.Breaks = state == CircuitState.Closed ? 0 : 1;
        record.OpenUntil = now + settings.BreakDuration;
        (record.Trial, record.TrialEndsAt) = (0, now + settings.TrialTimeout);
        return state;
    }

    /// <summary>Looks at the outcomes and at the time.</summary>
    /// <param name="outcomes">Outcomes over all front-ends.</param>
    /// <param name="now">Monotonic time.</param>
    /// <returns>What changed.</returns>
    public IReadOnlyList<CircuitChange> Judge(IPoolOutcomes outcomes, TimeSpan now)
    {
        ArgumentNullException.ThrowIfNull(outcomes);
        if (_settings is not { } settings)
            return [];
        List<CircuitChange>? changes = null;
        foreach (var (key, record) in _records)
        {
            if (Judge(key, record, outcomes, settings, now) is { } change)
                (changes ??= []).Add(change);
        }

        return changes ?? (IReadOnlyList<CircuitChange>)[];
    }

    /// <summary>Gives out the one trial of a half-open circuit.</summary>
    /// <param name="key">The backend.</param>
    /// <param name="now">Monotonic time.</param>
    /// <returns>Its number; 0 when the circuit is not half-open or a trial is under way.</returns>
    public long BeginTrial(BackendKey key, TimeSpan now)
    {
        if (_settings is not { } settings || !_records.TryGetValue(key, out var record) || record is not { State: CircuitState.HalfOpen, Trial: 0 } || now < record.TrialEndsAt)
            return 0;
        (record.Trial, record.TrialEndsAt) = (++_trial, now + settings.TrialTimeout);
        return _trial;
    }

    /// <summary>Takes what came of a trial. Of one that is over, or of another life, nothing is taken.</summary>
    /// <param name="key">The backend.</param>
    /// <param name="trial">The trial's number.</param>
    /// <param name="outcome">What came of it.</param>
    /// <param name="outcomes">Outcomes so far, which are not held against a backend whose circuit closes.</param>
    /// <param name="now">Monotonic time.</param>
    /// <returns>What changed.</returns>
    public CircuitChange? EndTrial(BackendKey key, long trial, TrialOutcome outcome, IPoolOutcomes outcomes, TimeSpan now)
    {
        ArgumentNullException.ThrowIfNull(outcomes);
        if (_settings is not { } settings || trial == 0 || !_records.TryGetValue(key, out var record) || record.Trial != trial)
            return null;
        (record.Trial, record.TrialEndsAt) = (0, now);
        return outcome switch
        {
            TrialOutcome.Succeeded => Close(key, record, outcomes, now),
            TrialOutcome.Failed => Open(key, record, settings, "a trial failed", now),
            _ => null,
        };
    }

    private static CircuitChange? Judge(BackendKey key, CircuitRecord record, IPoolOutcomes outcomes, CircuitDefinition settings, TimeSpan now)
    {
        switch (record.State)
        {
            case CircuitState.Open when now >= record.OpenUntil:
                (record.State, record.Trial, record.TrialEndsAt) = (CircuitState.HalfOpen, 0, now);
                return new CircuitChange(key, CircuitState.HalfOpen, TimeSpan.Zero, "its break is over");
            case CircuitState.HalfOpen when record.Trial != 0 && now >= record.TrialEndsAt:
                return Open(key, record, settings, "a trial had no answer in time", now);
            case CircuitState.Closed:
                var sample = record.Sample(outcomes.OutcomesOf(key), settings.SamplingDuration, now);
                return sample.Answers >= settings.MinimumThroughput && sample.ServerErrors * 100.0 >= settings.FailurePercent * (double)sample.Answers
                    ? Open(key, record, settings, string.Create(CultureInfo.InvariantCulture, $"{sample.ServerErrors} of {sample.Answers} answers were server errors"), now)
                    : null;
            default:
                return null;
        }
    }

    private static CircuitChange Open(BackendKey key, CircuitRecord record, CircuitDefinition settings, string evidence, TimeSpan now)
    {
        record.Breaks++;
        var length = LengthOf(settings, record.Breaks);
        (record.State, record.Trial, record.OpenUntil) = (CircuitState.Open, 0, now + length);
        return new CircuitChange(key, CircuitState.Open, length, evidence);
    }

    private static CircuitChange Close(BackendKey key, CircuitRecord record, IPoolOutcomes outcomes, TimeSpan now)
    {
        (record.State, record.Breaks) = (CircuitState.Closed, 0);
        record.Forget(outcomes.OutcomesOf(key), now);
        return new CircuitChange(key, CircuitState.Closed, TimeSpan.Zero, "a trial succeeded");
    }

    private static TimeSpan LengthOf(CircuitDefinition settings, int breaks)
    {
        var length = settings.BreakDuration;
        for (var i = 1; i < breaks && length < settings.MaxBreakDuration; i++)
            length *= 2;
        return length < settings.MaxBreakDuration ? length : TimeSpan.FromTicks(Math.Max(settings.MaxBreakDuration.Ticks, settings.BreakDuration.Ticks));
    }
}
