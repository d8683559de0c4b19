namespace OrleansLb.Contracts.RateLimits;

/// <summary>What a front-end remembers of one range, told to its new activation.</summary>
/// <param name="IsComplete">Whether it still knows every key that it used recently enough to matter.</param>
/// <param name="NewestEpoch">The highest epoch of the range that it was told.</param>
/// <param name="Keys">What it knows.</param>
[GenerateSerializer, Immutable, Alias("OrleansLb.LimitRangeReport")]
public sealed record LimitRangeReport(
    [property: Id(0)] bool IsComplete,
    [property: Id(1)] long NewestEpoch,
    [property: Id(2)] LimitKeyReport[] Keys)
{
    /// <summary>
    /// Of a limit of requests in flight: every slot that it holds, with the number of its newest request to the range; <see langword="null"/> for other limits, and from a front-end that does not know
    /// the policy.
    /// </summary>
    [Id(3)] public LimitSlotRequest? Slots { get; init; }
}
