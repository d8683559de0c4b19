using OrleansLb.Core.Concurrency.Keys;
using OrleansLb.Core.RateLimiting;

namespace OrleansLb.Core.Tests.Concurrency.Keys.Simulation;

/// <summary>One request.</summary>
internal sealed class SimulatedKeyRequest(SimulatedKeyFrontend frontend, RateLimitKey key, int count, TimeSpan cameAt)
    : KeySlotWaiter(key, count)
{
    public TimeSpan CameAt => cameAt;

    /// <summary>Whether its front-end's lease ended while it was in flight, or it was let in without a lease.</summary>
    public bool IsStray { get; set; }

    protected internal override void End(KeySlotOutcome outcome) => frontend.Ended(this, outcome);
}
