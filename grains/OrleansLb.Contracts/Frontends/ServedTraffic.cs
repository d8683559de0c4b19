using OrleansLb.Contracts.Routing;

namespace OrleansLb.Contracts.Frontends;

/// <summary>What came of the requests that a front-end took while it served one configuration.</summary>
/// <param name="Version">Its version, or the earliest one with the same settings.</param>
/// <param name="ServedFor">How long it has served that.</param>
/// <param name="Count">What has ended since. Absolute, so that a report that is lost does no harm.</param>
[GenerateSerializer, Immutable, Alias("OrleansLb.ServedTraffic")]
public sealed record ServedTraffic(
    [property: Id(0)] long Version,
    [property: Id(1)] TimeSpan ServedFor,
    [property: Id(2)] CountedRequests Count);
