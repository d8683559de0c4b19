using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Contracts.Sessions;
using OrleansLb.Core;
using OrleansLb.Core.Affinity;
using OrleansLb.Core.Sessions;
using OrleansLb.Frontend.Pools;
using OrleansLb.Frontend.Registration;

namespace OrleansLb.Frontend.Sessions;

/// <summary>
/// Finds the backend of a learned session: from memory where it was confirmed a moment ago, else by asking its range, which binds it to what this front-end
/// picked unless another one was first. Nothing waits longer than the pool's bind timeout.
/// </summary>
internal sealed class SessionResolver(
    LearnedSessions sessions,
    SessionRanges ranges,
    PoolTable pools,
    IServedConfiguration served,
    SessionMetrics metrics,
    [FromKeyedServices(Clocks.Key)] TimeProvider clock)
{
    // A range that lost its silo is back after one or two seconds.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);

    private TimeSpan Now => clock.GetElapsedTime(0);

    /// <summary>The place of a session as far as it is remembered and needs no asking. Takes no lock and makes no call.</summary>
    public bool TryFind(FrontendPool pool, SessionKey key, out SessionPlace place)
    {
        if (!TryRemember(pool, key, out place))
            return false;
        metrics.Placed(pool.Definition.Id, place.Outcome);
        return true;
    }

    /// <summary>The place of a session, by asking.</summary>
    public async Task<SessionPlace> Find(string poolId, SessionKey key, AffinityFailurePolicy policy, SessionPick pick, CancellationToken aborted)
    {
        var began = Now;
        var place = await Settle(poolId, key, policy, pick, aborted);
        metrics.Placed(poolId, place.Outcome);
        metrics.Waited(poolId, Now - began);
        return place;
    }

    /// <summary>Binds a session to the backend that a response of it came from, if none was first.</summary>
    /// <param name="poolId">The pool.</param>
    /// <param name="key">The session.</param>
    /// <param name="backend">Where the response came from.</param>
    /// <param name="replaces">Epoch of the binding that the request left because its backend is lost; 0 for none.</param>
    /// <param name="aborted">Ends the wait.</param>
    public async Task Learn(string poolId, SessionKey key, BackendKey backend, long replaces, CancellationToken aborted)
    {
        var began = Now;
        var known = sessions.Of(poolId);
        var outcome = SessionPlaceOutcome.Alone;
        while (!ranges.IsLost && pools.Current.TryGetValue(poolId, out var pool) && pool.Definition.Session is { } settings)
        {
            if (await ranges.Ask(known, new SessionClaim(key, backend, replaces, default)) is { } reply)
            {
                outcome = reply.Outcome == WireSessionOutcome.Full ? SessionPlaceOutcome.Full : SessionPlaceOutcome.Asked;
                break;
            }

            outcome = aborted.IsCancellationRequested ? SessionPlaceOutcome.Abandoned : SessionPlaceOutcome.Unbound;
            if (Now - began >= settings.BindTimeout || aborted.IsCancellationRequested)
                break;
            await Task.Delay(Pause, clock, aborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (outcome != SessionPlaceOutcome.Asked)
            known.RangeOf(key).DecideAlone(key, backend, Now);
        metrics.Learned(poolId, outcome);
        metrics.Waited(poolId, Now - began);
    }

    private bool TryRemember(FrontendPool pool, SessionKey key, out SessionPlace place)
    {
        var known = sessions.Of(pool.Definition.Id);
        known.Configure(pool.Definition.Session!);
        var memo = known.RangeOf(key).Use(key, Now);
        var index = memo.Binding.IsBound ? pool.IndexOf(memo.Binding.Backend) : -1;
        place = default;
        if (index < 0 || !memo.IsFresh(Now) || !HasStayed(pool, index, memo))
            return false;
        known.UsedWithoutAsking(key);
        place = Placed(pool, SessionPlaceOutcome.Remembered, index, memo.Binding);
        return true;
    }

    private async Task<SessionPlace> Settle(string poolId, SessionKey key, AffinityFailurePolicy policy, SessionPick pick, CancellationToken aborted)
    {
        var began = Now;
        var known = sessions.Of(poolId);
        var confirmed = new SessionConfirmation(0, 0);
        while (pools.Current.TryGetValue(poolId, out var pool) && pool.Definition.Session is { } settings)
        {
            if (TryRemember(pool, key, out var place))
                return place;
            if (ranges.IsLost)
                return Alone(pool, known, key, SessionPlaceOutcome.Alone, policy);
            var memo = known.RangeOf(key).Use(key, Now).Binding;
            // A binding may be to a backend that only a newer configuration has.
            var isBehind = served.Version < confirmed.ConfigurationVersion;
            if (!isBehind)
            {
                if (ClaimOf(pool, key, memo, confirmed.Epoch, policy, pick) is not { } claim)
                    return new SessionPlace(SessionPlaceOutcome.NoBackend, null, memo);
                if (await ranges.Ask(known, claim) is { } reply)
                {
                    if (Judge(pool, known, key, reply, policy) is { } judged)
                        return judged;
                    served.Offer(reply.ConfigurationVersion);
                    var next = new SessionConfirmation(reply.BindingEpoch, reply.ConfigurationVersion);
                    if (next != confirmed)
                    {
                        confirmed = next;
                        continue;
                    }
                }
                else if (memo.IsBound && pool.IndexOf(memo.Backend) is >= 0 and var index && pool.MayKeep(index, Now))
                {
                    return Placed(pool, SessionPlaceOutcome.Unconfirmed, index, memo);
                }
            }

            if (aborted.IsCancellationRequested)
                return new SessionPlace(SessionPlaceOutcome.Abandoned, null, memo);
            if (Now - began >= settings.BindTimeout)
                return Alone(pool, known, key, SessionPlaceOutcome.Unbound, policy);
            await Task.Delay(Pause, clock, aborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return new SessionPlace(SessionPlaceOutcome.NoBackend, null, default);
    }

    /// <summary>A backend that came back may have lost the session to another one meanwhile.</summary>
    private bool HasStayed(FrontendPool pool, int index, in SessionMemo memo) =>
        pool.MayKeep(index, Now) && !(pool.Health.EligibleSince(index) > memo.ConfirmedAt);

    /// <summary>What the answer leads to; <see langword="null"/> to ask once more.</summary>
    private SessionPlace? Judge(FrontendPool pool, PoolSessions known, SessionKey key, SessionReply reply, AffinityFailurePolicy policy)
    {
        if (reply.Outcome == WireSessionOutcome.Full)
            return Alone(pool, known, key, SessionPlaceOutcome.Full, policy);
        var binding = new SessionBinding(new BackendKey(reply.Backend), reply.BindingEpoch);
        if (!binding.IsBound)
            return null;
        var index = pool.IndexOf(binding.Backend);
        if (index >= 0 && pool.MayKeep(index, Now))
            return Placed(pool, SessionPlaceOutcome.Asked, index, binding);
        return index >= 0 && policy == AffinityFailurePolicy.Return503Error
            ? new SessionPlace(SessionPlaceOutcome.Refused, null, binding)
            : null;
    }

    /// <summary>
    /// What to ask; <see langword="null"/> when there is no backend to bind to. A binding is replaced only once it is certain that its backend is lost: it may be of
    /// a newer configuration than this front-end has.
    /// </summary>
    private SessionClaim? ClaimOf(FrontendPool pool, SessionKey key, SessionBinding binding, long confirmedEpoch, AffinityFailurePolicy policy, SessionPick pick)
    {
        if (!binding.IsBound)
            return ToBind(new SessionClaim(key, Key(pool, pick()), 0, default));
        var index = pool.IndexOf(binding.Backend);
        if (index >= 0 && pool.MayKeep(index, Now))
            return binding.Epoch == 0 ? new SessionClaim(key, binding.Backend, 0, default) : new SessionClaim(key, Key(pool, pick()), 0, binding);
        if (binding.Epoch == 0 || binding.Epoch == confirmedEpoch || (index >= 0 && policy == AffinityFailurePolicy.Redistribute))
            return ToBind(new SessionClaim(key, SuccessorOf(pool, key, index), binding.Epoch, default));
        return new SessionClaim(key, SessionBinding.Nobody, 0, default);
    }

    private static SessionClaim? ToBind(SessionClaim claim) => claim.Candidate == SessionBinding.Nobody ? null : claim;

    private SessionPlace Alone(FrontendPool pool, PoolSessions known, SessionKey key, SessionPlaceOutcome outcome, AffinityFailurePolicy policy)
    {
        var memory = known.RangeOf(key);
        var binding = memory.Use(key, Now).Binding;
        var index = binding.IsBound ? pool.IndexOf(binding.Backend) : -1;
        if (index >= 0 && pool.MayKeep(index, Now))
            return Placed(pool, outcome, index, binding);
        if (index >= 0 && policy == AffinityFailurePolicy.Return503Error)
            return new SessionPlace(SessionPlaceOutcome.Refused, null, binding);
        var successor = AffinityMachine.Successor(pool.ViewSessions(Now), key.Value, index);
        if (successor < 0)
            return new SessionPlace(SessionPlaceOutcome.NoBackend, null, binding);
        memory.DecideAlone(key, pool.Keys[successor], Now);
        return Placed(pool, outcome, successor, binding);
    }

    private BackendKey SuccessorOf(FrontendPool pool, SessionKey key, int leaving) =>
        AffinityMachine.Successor(pool.ViewSessions(Now), key.Value, leaving) is >= 0 and var successor ? pool.Keys[successor] : SessionBinding.Nobody;

    private static BackendKey Key(FrontendPool pool, string? backendId) =>
        backendId is not null && pool.IndexById.TryGetValue(backendId, out var index) ? pool.Keys[index] : SessionBinding.Nobody;

    private static SessionPlace Placed(FrontendPool pool, SessionPlaceOutcome outcome, int index, SessionBinding binding) =>
        new(outcome, pool.Definition.Backends[index].Id, binding);
}
