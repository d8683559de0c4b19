namespace OrleansLb.Contracts.Routing;

/// <summary>A version that has not proven itself yet, and is taken back if requests fail under it.</summary>
/// <param name="Version">The version.</param>
/// <param name="ReturnTo">What is in force again in that case.</param>
/// <param name="Before">How requests went shortly before.</param>
[GenerateSerializer, Immutable, Alias("OrleansLb.TriedConfiguration")]
public sealed record TriedConfiguration(
    [property: Id(0)] long Version,
    [property: Id(1)] long ReturnTo,
    [property: Id(2)] CountedRequests Before);
