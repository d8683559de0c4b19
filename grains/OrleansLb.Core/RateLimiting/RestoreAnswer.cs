using OrleansLb.Core.Concurrency.Keys;

namespace OrleansLb.Core.RateLimiting;

/// <summary>A front-end's answer to a new activation that asks what it knows.</summary>
/// <param name="IsComplete">Whether it still knows every key of the range that it used within the horizon.</param>
/// <param name="NewestEpoch">The highest epoch of the range that it was told.</param>
/// <param name="Rows">What it knows.</param>
public sealed record RestoreAnswer(bool IsComplete, long NewestEpoch, RestoreRow[] Rows)
{
    /// <summary>The slots that it holds, of a limit of requests in flight.</summary>
    public KeySlotRecall? Slots { get; init; }
}
