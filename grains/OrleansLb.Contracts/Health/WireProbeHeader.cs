namespace OrleansLb.Contracts.Health;

/// <summary>A header that a probe sends.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its value.</param>
[GenerateSerializer, Immutable, Alias("OrleansLb.WireProbeHeader")]
public readonly record struct WireProbeHeader(
    [property: Id(0)] string Name,
    [property: Id(1)] string Value);
