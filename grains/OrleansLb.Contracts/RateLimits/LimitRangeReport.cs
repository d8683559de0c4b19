namespace OrleansLb.Contracts.RateLimits;

/// <summary>What a front-end remembers of one range, told to its new activation.</summary>
/// <param name="IsComplete">Whether it still knows every key that it used recently enough to matter.</param>
/// <param name="NewestEpoch">The highest epoch of the range that it was told.</param>
/// <param name="Keys">What it knows.</param>
[GenerateSerializer, Immutable, Alias("OrleansLb.LimitRangeReport")]
public sealed record LimitRangeReport(
    [property: Id(0)] bool IsComplete,
    [property: Id(1)] long NewestEpoch,
    [property: Id(2)] LimitKeyReport[] Keys);
