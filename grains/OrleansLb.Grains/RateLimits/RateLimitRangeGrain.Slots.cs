using OrleansLb.Contracts.RateLimits;
using OrleansLb.Core.Concurrency.Keys;
using OrleansLb.Core.RateLimiting;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Grains.RateLimits;

/// <content>Limits of requests in flight.</content>
internal sealed partial class RateLimitRangeGrain
{
    private KeySlotArbiter? _slots;

    public async ValueTask<LimitSlotReply?> ExchangeSlots(LimitSlotRequest request)
    {
        if (Policy is not { Algorithm: RateLimitAlgorithm.Concurrency } policy || !await frontends.IsRegistered(request.FrontendId, request.Incarnation))
            return null;
        if (_slots is null)
            await StartSlots(policy);
        else if (!policy.Equals(_policy))
            Adopt(policy);
        if (_slots is not { } slots)
            return null;
        slots.Observe(frontends.ShareParts);
        return slots.Handle(request.ToCore(), Now)?.ToWire();
    }

    private async ValueTask StartSlots(RateLimitPolicyDefinition policy)
    {
        var rule = LimitRule.Of(policy);
        var epoch = clock.GetUtcNow().ToUnixTimeMilliseconds();
        if (await restorer.Restore(_policyName, _rangeNumber, epoch, rule) is not { } outcome)
            return;
        _slots = new KeySlotArbiter(rule, Math.Max(epoch, outcome.NewestEpoch + 1), policy.RangeCapacity, outcome.Slots, outcome.IsComplete, Now);
        (_range, _policy, _observed) = (null, policy, null);
        LogStarted(logger, this.GetPrimaryKeyString(), _slots.Epoch, outcome.IsComplete, _slots.KeyCount);
    }
}
