using Microsoft.Extensions.ObjectPool;
using OrleansLb.Configuration;
using OrleansLb.Core.RateLimiting;
using OrleansLb.Core.Snapshots;
using OrleansLb.Frontend.Leases;

namespace OrleansLb.Frontend.Http.RateLimiting;

/// <summary>
/// One request before several limits. First those that decide here, then those that the cluster has to be asked for, one after the other, and queues at the end:
/// the later a limit is asked, the seldomer it is charged in vain, and a turn that others were given turns behind cannot come back. What was admitted is held
/// until all have decided. Reused, so that a request that leases pay for allocates nothing.
/// </summary>
internal sealed class LimitRound : IResettable
{
    private readonly Asked[] _asked = new Asked[RouteMetadataKeys.MostRateLimiterPolicies];
    private int _count;
    private int _open;
    private int _refused = -1;
    private bool _holdsSlots;

    /// <summary>Adds a limit.</summary>
    public void Add(in CountedLimit limit)
    {
        _asked[_count++].Limit = limit;
        if (!limit.Limiter.Policy.DryRun)
            _open++;
    }

    /// <summary>Asks the limits that need not ask anybody; true when no other is needed for the decision.</summary>
    public bool TryDecideAtOnce()
    {
        FindRefusal();
        for (var index = 0; index < _count && _refused < 0; index++)
        {
            ref var asked = ref _asked[index];
            if (!asked.Limit.Limiter.Policy.DryRun && asked.Limit.Limiter.TryDecide(EntryOf(asked.Limit, isLast: false), out var outcome))
                Decided(index, outcome);
        }

        return _open == 0 || _refused >= 0;
    }

    /// <summary>Whether the request has something that it must release when it ends.</summary>
    public bool HoldsSlots => _holdsSlots;

    /// <summary>Releases it, once.</summary>
    public void Release()
    {
        for (var index = 0; index < _count; index++)
            _asked[index].Outcome.Slot.Release();
    }

    /// <summary>Asks the others, and waits for the turns of queues.</summary>
    public async Task AskTheCluster(CancellationToken aborted)
    {
        for (var step = 0; step < 2 * _count && _open > 0 && _refused < 0; step++)
        {
            var index = step % _count;
            var (limit, isQueue) = (_asked[index].Limit, IsQueue(_asked[index].Limit.Limiter.Policy));
            if (_asked[index].IsDecided || limit.Limiter.Policy.DryRun || isQueue != (step >= _count))
                continue;
            // Nobody is left who could refuse after the last.
            Decided(index, await limit.Limiter.Decide(EntryOf(limit, isLast: _open == 1), aborted, static aborted => aborted));
        }

        if (_refused < 0)
            await WaitForTurns(aborted);
    }

    /// <summary>Keeps what is held if all admitted, or gives it back; counts what each decided.</summary>
    public StrictestLimit Conclude(RateLimitMetrics metrics)
    {
        for (var index = 0; index < _count; index++)
            Settle(ref _asked[index], index == _refused, metrics);
        if (_refused >= 0)
            return Answer(_refused);
        var strictest = -1;
        for (var index = 0; index < _count; index++)
        {
            if (_asked[index].IsDecided && (strictest < 0 || IsStricter(_asked[index], _asked[strictest])))
                strictest = index;
        }

        return strictest < 0 ? new StrictestLimit(null, new LimitOutcome(LimitVerdict.Exempt, TimeSpan.Zero)) : Answer(strictest);
    }

    /// <inheritdoc/>
    public bool TryReset()
    {
        Array.Clear(_asked, 0, _count);
        (_count, _open, _refused, _holdsSlots) = (0, 0, -1, false);
        return true;
    }

    // Where a request may wait for long, what other limits hold for it meanwhile is missing to others.
    private static bool IsQueue(RateLimitPolicyDefinition policy) =>
        policy is { Algorithm: RateLimitAlgorithm.LeakyBucket } or { Algorithm: RateLimitAlgorithm.Concurrency, QueueLimit: > 0 };

    private static AcquireEntry EntryOf(in CountedLimit limit, bool isLast) => new(limit.Key, 1) { MayBeGivenBack = !isLast };

    // Known without charging anybody. Of several the one that lasts longest, or the client comes back for the next refusal.
    private void FindRefusal()
    {
        for (var index = 0; index < _count; index++)
        {
            var limit = _asked[index].Limit;
            if (limit.Limiter.Policy.DryRun || !limit.Limiter.IsKnownRefused(limit.Key, out var retryAfter))
                continue;
            if (_refused >= 0 && _asked[_refused].Outcome.RetryAfter >= retryAfter)
                continue;
            _asked[index].Outcome = new LimitOutcome(LimitVerdict.Rejected, retryAfter);
            _refused = index;
        }
    }

    private void Decided(int index, in LimitOutcome outcome)
    {
        _asked[index].Outcome = outcome;
        if (!outcome.IsAdmitted)
        {
            _refused = index;
            return;
        }

        _asked[index].IsDecided = true;
        _open--;
    }

    // All at once: a turn that has passed while another was waited for is as good.
    private async Task WaitForTurns(CancellationToken aborted)
    {
        var longest = 0;
        for (var index = 1; index < _count; index++)
            longest = _asked[index].Outcome.Delay > _asked[longest].Outcome.Delay ? index : longest;
        if (_count == 0 || _asked[longest].Outcome.Delay == TimeSpan.Zero)
            return;
        var waited = await _asked[longest].Limit.Limiter.InTurn(_asked[longest].Outcome, aborted);
        for (var index = 0; index < _count; index++)
            _asked[index].Outcome = _asked[index].Outcome with { Verdict = waited.IsAdmitted ? _asked[index].Outcome.Verdict : waited.Verdict, Quota = null };
    }

    private void Settle(ref Asked asked, bool hasRefused, RateLimitMetrics metrics)
    {
        var policy = asked.Limit.Limiter.Policy;
        if (policy.DryRun)
        {
            // It would not have been charged for what others refuse.
            if (_refused < 0)
                asked.Outcome = asked.Outcome with { Slot = asked.Limit.TryOut(metrics) };
        }
        else if (_refused < 0 || hasRefused)
        {
            asked.Outcome.Charge.Keep();
            metrics.Decided(policy.PublicName, asked.Outcome);
        }
        else if (asked.IsDecided)
        {
            asked.Outcome.Charge.GiveBack();
            asked.Outcome.Slot.Release();
            metrics.Decided(policy.PublicName, new LimitOutcome(LimitVerdict.GivenBack, TimeSpan.Zero));
        }

        _holdsSlots |= _refused < 0 && asked.Outcome.Slot.IsHeld;
    }

    // One that says nothing to clients is shown only when all are so; then one that knows what is left, and the least of it.
    private static bool IsStricter(in Asked one, in Asked other)
    {
        var (says, otherSays) = (one.Limit.Limiter.Policy.Headers == RateLimitHeaders.All, other.Limit.Limiter.Policy.Headers == RateLimitHeaders.All);
        return says == otherSays ? LeftOf(one) < LeftOf(other) : says;
    }

    private static long LeftOf(in Asked asked) => asked.Outcome.Quota is { } quota ? quota.Remaining : long.MaxValue;

    private StrictestLimit Answer(int index) => new(_asked[index].Limit.Limiter.Policy, _asked[index].Outcome);

    private struct Asked
    {
        public CountedLimit Limit;
        public LimitOutcome Outcome;
        public bool IsDecided;
    }
}
