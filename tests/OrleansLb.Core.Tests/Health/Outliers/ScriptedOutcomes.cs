using OrleansLb.Core.Balancing.Exchange;

namespace OrleansLb.Core.Tests.Health.Outliers;

/// <summary>Outcomes of a pool as a test says.</summary>
internal sealed class ScriptedOutcomes : IPoolOutcomes
{
    private readonly Dictionary<BackendKey, OutcomeCounters> _counters = [];
    private readonly Dictionary<BackendKey, int> _runs = [];

    /// <summary>Answers that are no gateway failures; they end a run.</summary>
    public void Answer(BackendKey key, int good, int errors = 0, double milliseconds = 5)
    {
        _counters[key] = OutcomesOf(key) + new OutcomeCounters(good + errors, 0, errors, TimeSpan.FromMilliseconds(good * milliseconds));
        if (good + errors > 0)
            _runs.Remove(key);
    }

    /// <summary>Gateway failures in a row.</summary>
    public void Fail(BackendKey key, int failures)
    {
        _counters[key] = OutcomesOf(key) + new OutcomeCounters(failures, failures, failures, TimeSpan.Zero);
        _runs[key] = _runs.GetValueOrDefault(key) + failures;
    }

    public OutcomeCounters OutcomesOf(BackendKey key) => _counters.GetValueOrDefault(key);

    public IReadOnlyList<FailureStreak> Streaks(int atLeast, TimeSpan now) =>
        [.. _runs.Where(run => run.Value >= atLeast).Select(static run => new FailureStreak(run.Key, run.Value, 2))];

    public void ForgetStreak(BackendKey key) => _runs.Remove(key);
}
