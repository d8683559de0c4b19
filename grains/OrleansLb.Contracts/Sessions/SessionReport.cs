namespace OrleansLb.Contracts.Sessions;

/// <summary>What a front-end remembers of one range, told to its new activation.</summary>
/// <param name="NewestEpoch">The highest number of the range that it was told.</param>
/// <param name="Sessions">What it knows.</param>
[GenerateSerializer, Immutable, Alias("OrleansLb.SessionReport")]
public sealed record SessionReport(
    [property: Id(0)] long NewestEpoch,
    [property: Id(1)] WireSession[] Sessions);
