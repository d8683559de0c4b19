namespace OrleansLb.Contracts.Backends;

/// <summary>What a front-end has and needs of one backend's slots.</summary>
/// <param name="Key">Key of the backend generation.</param>
/// <param name="Held">Requests that it may have there from now on, until it is answered.</param>
/// <param name="InUse">Requests that it has there.</param>
/// <param name="Waiting">Requests that wait for a slot there, or were refused for want of one since the last call.</param>
/// <param name="Recent">The most that were in use a short while ago.</param>
[GenerateSerializer, Immutable, Alias("OrleansLb.SlotCount")]
public readonly record struct SlotCount(
    [property: Id(0)] ulong Key,
    [property: Id(1)] int Held,
    [property: Id(2)] int InUse,
    [property: Id(3)] int Waiting,
    [property: Id(4)] int Recent);
