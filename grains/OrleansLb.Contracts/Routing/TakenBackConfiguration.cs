namespace OrleansLb.Contracts.Routing;

/// <summary>A version that the cluster took back by itself, because requests failed under it.</summary>
/// <param name="Failed">The version that was taken back.</param>
/// <param name="ReturnedTo">The version whose settings are in force again.</param>
/// <param name="Version">The version that brought them back.</param>
/// <param name="When">When.</param>
/// <param name="Before">How requests went before the version that was taken back.</param>
/// <param name="After">How they went under it.</param>
[GenerateSerializer, Immutable, Alias("OrleansLb.TakenBackConfiguration")]
public sealed record TakenBackConfiguration(
    [property: Id(0)] long Failed,
    [property: Id(1)] long ReturnedTo,
    [property: Id(2)] long Version,
    [property: Id(3)] DateTimeOffset When,
    [property: Id(4)] CountedRequests Before,
    [property: Id(5)] CountedRequests After);
