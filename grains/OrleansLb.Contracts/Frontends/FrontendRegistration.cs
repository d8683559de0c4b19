namespace OrleansLb.Contracts.Frontends;

/// <summary>Who a front-end is and how to call it back.</summary>
/// <param name="FrontendId">Name of the front-end, stable across restarts.</param>
/// <param name="Incarnation">Grows with every start of that front-end.</param>
/// <param name="Observer">Where silos push to.</param>
[GenerateSerializer, Immutable, Alias("OrleansLb.FrontendRegistration")]
public sealed record FrontendRegistration(
    [property: Id(0)] string FrontendId,
    [property: Id(1)] long Incarnation,
    [property: Id(2)] IFrontendObserver Observer) : IFromFrontend
{
    /// <summary>
    /// The number of parts of every limit that it relies on should it lose the cluster at once, of which one is its own: what it is told
    /// now, or what its predecessor left on disk; 0 for none.
    /// </summary>
    [Id(3)] public int ShareParts { get; init; }

    /// <summary>Whether it only uses limits, as an application does, and carries no traffic of pools.</summary>
    [Id(4)] public bool LimitsOnly { get; init; }
}
