using OrleansLb.Core.Retries;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Frontend.Retries;

/// <summary>What this front-end may still send a second time in one pool. One for each pool, whatever version of the configuration is in force.</summary>
public sealed class PoolRetries
{
    private readonly Lock _lock = new();
    private readonly RetryBudget _budget = new();
    private long _repetitions;
    private long _denied;

    /// <summary>Counts an attempt that is not a request's first.</summary>
    internal void Repeated() => Interlocked.Increment(ref _repetitions);

    /// <summary>Notes the traffic, at least once a second.</summary>
    /// <param name="attempts">Attempts since the front-end began.</param>
    /// <param name="now">Monotonic time.</param>
    internal void Observe(long attempts, TimeSpan now)
    {
        lock (_lock)
            _budget.Observe(attempts - Interlocked.Read(ref _repetitions), now);
    }

    /// <summary>Takes one repetition out of the budget if there is one; asked when an attempt has failed, and never otherwise.</summary>
    /// <param name="rules">The pool's rules.</param>
    /// <param name="fleet">Front-ends among whom the repetitions a second are divided; 0 when that was never heard.</param>
    /// <param name="now">Monotonic time.</param>
    internal bool TryTake(RetryDefinition rules, int fleet, TimeSpan now)
    {
        bool isTaken;
        lock (_lock)
            isTaken = _budget.TryTake(rules.BudgetPercent, ShareOf(rules, fleet), now);
        if (!isTaken)
            Interlocked.Increment(ref _denied);
        return isTaken;
    }

    /// <summary>What was sent a second time, and what may still be.</summary>
    /// <param name="attempts">Attempts since the front-end began.</param>
    /// <param name="rules">The pool's rules.</param>
    /// <param name="fleet">Front-ends among whom the repetitions a second are divided; 0 when that was never heard.</param>
    /// <param name="now">Monotonic time.</param>
    internal RetryTally Read(long attempts, RetryDefinition rules, int fleet, TimeSpan now)
    {
        var repeated = Interlocked.Read(ref _repetitions);
        lock (_lock)
            return new RetryTally(Math.Max(0, attempts - repeated), repeated, Interlocked.Read(ref _denied), _budget.Left(rules.BudgetPercent, ShareOf(rules, fleet), now));
    }

    private static double ShareOf(RetryDefinition rules, int fleet) => rules.MinRetriesPerSecond * (fleet > 0 ? 1.0 / fleet : RetryBudget.ShareOfAStranger);
}
