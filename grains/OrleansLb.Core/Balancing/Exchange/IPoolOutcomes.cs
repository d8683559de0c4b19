namespace OrleansLb.Core.Balancing.Exchange;

/// <summary>What came of the requests to the backends of a pool, over all front-ends.</summary>
public interface IPoolOutcomes
{
    /// <summary>What came of the requests to a backend, since some time that stays the same.</summary>
    /// <param name="key">The backend; zeros for one that is not known.</param>
    OutcomeCounters OutcomesOf(BackendKey key);

    /// <summary>Backends whose gateway failures in a row over all front-ends reach a length.</summary>
    /// <param name="atLeast">The length, 1 or more.</param>
    /// <param name="now">Monotonic time.</param>
    IReadOnlyList<FailureStreak> Streaks(int atLeast, TimeSpan now);

    /// <summary>Counts the failures of a backend in a row anew, when they were dealt with.</summary>
    /// <param name="key">The backend.</param>
    void ForgetStreak(BackendKey key);
}
