using OrleansLb.Core.Concurrency.Keys;
using OrleansLb.Core.RateLimiting;

namespace OrleansLb.Core.Tests.Concurrency.Keys;

/// <summary>A request that remembers what came of it, and that it came once.</summary>
internal sealed class TestWaiter(RateLimitKey key, int count) : KeySlotWaiter(key, count)
{
    private readonly TaskCompletionSource<KeySlotOutcome> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public KeySlotOutcome? Outcome => _ended.Task.IsCompleted ? _ended.Task.Result : null;

    public Task<KeySlotOutcome> Ended => _ended.Task;

    protected internal override void End(KeySlotOutcome outcome) => _ended.SetResult(outcome);
}
