namespace OrleansLb.Contracts.Sessions;

/// <summary>What a front-end has seen of a range.</summary>
/// <param name="FrontendId">The front-end.</param>
/// <param name="Incarnation">Grows with each start of the front-end.</param>
/// <param name="Epoch">Epoch of the newest activation of the range that it knows.</param>
/// <param name="Seen">Version up to which it has taken changes into account.</param>
[GenerateSerializer, Immutable, Alias("OrleansLb.SessionLook")]
public sealed record SessionLook(
    [property: Id(0)] string FrontendId,
    [property: Id(1)] long Incarnation,
    [property: Id(2)] long Epoch,
    [property: Id(3)] long Seen) : IFromFrontend;
