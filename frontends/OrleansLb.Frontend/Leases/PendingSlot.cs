using OrleansLb.Core.Concurrency.Keys;
using OrleansLb.Core.RateLimiting;

namespace OrleansLb.Frontend.Leases;

/// <summary>A request that waits for slots of its key.</summary>
internal sealed class PendingSlot(RateLimitKey key, int count) : KeySlotWaiter(key, count)
{
    private readonly TaskCompletionSource<KeySlotOutcome> _decided = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<KeySlotOutcome> Decided => _decided.Task;

    protected override void End(KeySlotOutcome outcome) => _decided.TrySetResult(outcome);
}
