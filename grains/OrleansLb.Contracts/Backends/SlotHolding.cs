namespace OrleansLb.Contracts.Backends;

/// <summary>What one front-end has of one backend's slots.</summary>
/// <param name="Leased">Requests that it may have there.</param>
/// <param name="InUse">Requests that it last said it has there.</param>
/// <param name="Waiting">Requests that it last said wait.</param>
[GenerateSerializer, Immutable, Alias("OrleansLb.SlotHolding")]
public readonly record struct SlotHolding(
    [property: Id(0)] int Leased,
    [property: Id(1)] int InUse,
    [property: Id(2)] int Waiting);
