using OrleansLb.Core.Hashing;

namespace OrleansLb.Core.Affinity;

/// <summary>
/// Decides where a session goes. Pure: the same cookie and the same pool version give the same backend on every front-end, so sessions
/// follow a lost backend to its successors without a call.
/// </summary>
public static class AffinityMachine
{
    /// <summary>Decides one request, or one further attempt of it after a refused connection.</summary>
    /// <param name="opening">What the client's cookie gave.</param>
    /// <param name="view">The pool as this front-end sees it.</param>
    /// <param name="policy">What happens to a session whose backend is lost.</param>
    /// <param name="lifetime">How long the pool's cookies are good.</param>
    /// <param name="now">Unix seconds.</param>
    public static AffinityDecision Decide(in AffinityOpening opening, AffinityView view, AffinityFailurePolicy policy, AffinityLifetime lifetime, long now)
    {
        if (!opening.IsGood)
            return AffinityDecision.WithoutBackend(AffinityOutcome.Balance);
        var cookie = opening.Cookie;
        var bound = FindBound(view, cookie);
        if (bound >= 0 && view.MayKeep(bound))
            return new AffinityDecision(AffinityOutcome.Keep, bound, cookie.SeenAt(now), opening.SealedByOldKey || lifetime.IsRefreshDue(cookie, now));
        if (policy == AffinityFailurePolicy.Return503Error)
            return AffinityDecision.WithoutBackend(bound >= 0 ? AffinityOutcome.Refuse : AffinityOutcome.RefuseAndForget);
        return Move(view, cookie, bound, now);
    }

    /// <summary>
    /// Where a session goes when it leaves a backend: weighted rendezvous over the eligible set without that backend, by configured
    /// weights alone. Slow start, agents and degradation change from one moment to the next and would make front-ends disagree.
    /// </summary>
    /// <param name="view">The pool as this front-end sees it.</param>
    /// <param name="session">Id of the session.</param>
    /// <param name="leaving">Index of the backend being left; -1 if the pool no longer has it.</param>
    /// <returns>Index of the successor; -1 if no other backend is eligible.</returns>
    public static int Successor(AffinityView view, UInt128 session, int leaving)
    {
        var contest = new RendezvousContest(session);
        var backends = view.Pool.Backends;
        for (var i = 0; i < backends.Length; i++)
        {
            if (i != leaving && view.MayTakeNew(i))
                contest.Offer(i, backends[i].Key, backends[i].Weight);
        }

        return contest.Winner;
    }

    private static AffinityDecision Move(AffinityView view, in AffinityCookie cookie, int bound, long now)
    {
        var successor = Successor(view, cookie.SessionId, bound);
        if (successor < 0)
            return AffinityDecision.WithoutBackend(AffinityOutcome.Balance);
        var backend = view.Pool.Backends[successor];
        return new AffinityDecision(AffinityOutcome.Move, successor, cookie.MovedTo(backend.Id, backend.Generation, now), true);
    }

    // An id that now stands for another server (another generation) is not the backend the session was bound to.
    private static int FindBound(AffinityView view, in AffinityCookie cookie)
    {
        var index = BackendLookup.IndexOf(view.Pool, cookie.BackendId);
        return index >= 0 && view.Pool.Backends[index].Generation == cookie.Generation ? index : -1;
    }
}
