namespace OrleansLb.Contracts.Backends;

/// <summary>How it stands with the limit of one backend that adapts, for the status API.</summary>
/// <param name="Quickest">Mean time to the head of an answer when few requests were there; zero before it was measured.</param>
/// <param name="Recent">The same of the newest answers; zero before there were any.</param>
/// <param name="IsMeasured">Whether the limit is lowered just now, for the quickest answers to be measured.</param>
[GenerateSerializer, Immutable, Alias("OrleansLb.AdaptiveLimitStatus")]
public readonly record struct AdaptiveLimitStatus(
    [property: Id(0)] TimeSpan Quickest,
    [property: Id(1)] TimeSpan Recent,
    [property: Id(2)] bool IsMeasured);
