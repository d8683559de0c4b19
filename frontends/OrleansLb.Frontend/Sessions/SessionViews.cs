using OrleansLb.Core.Affinity;
using OrleansLb.Frontend.Pools;

namespace OrleansLb.Frontend.Sessions;

/// <summary>What a front-end decides the place of a session from.</summary>
public static class SessionViews
{
    /// <summary>A pool as it is at this moment.</summary>
    /// <param name="pool">The pool.</param>
    /// <param name="now">Monotonic time of this process.</param>
    /// <param name="tried">Indices of the backends that refused the request.</param>
    public static AffinityView ViewSessions(this FrontendPool pool, TimeSpan now, ReadOnlySpan<int> tried = default)
    {
        ArgumentNullException.ThrowIfNull(pool);
        return new AffinityView
        {
            Pool = pool.Definition,
            Backends = pool.Health.Statuses,
            Holds = IsAnyFree(pool, now) ? pool.Holds : null,
            Now = now,
            Tried = tried,
        };
    }

    /// <summary>Whether a session that is bound to a backend may go there.</summary>
    /// <param name="pool">The pool.</param>
    /// <param name="index">Index of the backend.</param>
    /// <param name="now">Monotonic time of this process.</param>
    internal static bool MayKeep(this FrontendPool pool, int index, TimeSpan now) =>
        pool.Health.TakesPinned(index) && (!pool.Holds.IsHeld(index, now) || !IsAnyFree(pool, now));

    /// <summary>With nothing else to choose from, a refusal of a moment ago is no reason to fail a request.</summary>
    private static bool IsAnyFree(FrontendPool pool, TimeSpan now)
    {
        var health = pool.Health;
        for (var i = 0; i < health.Statuses.Length; i++)
        {
            if (health.TakesNew(i) && !pool.Holds.IsHeld(i, now))
                return true;
        }

        return false;
    }
}
