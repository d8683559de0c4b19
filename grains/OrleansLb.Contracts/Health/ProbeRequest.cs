namespace OrleansLb.Contracts.Health;

/// <summary>One HTTP probe.</summary>
/// <param name="Uri">Full address.</param>
/// <param name="Host">Host header; <see langword="null"/> for the address' own.</param>
/// <param name="Timeout">Limit of the whole probe.</param>
[GenerateSerializer, Immutable, Alias("OrleansLb.ProbeRequest")]
public sealed record ProbeRequest(
    [property: Id(0)] Uri Uri,
    [property: Id(1)] string? Host,
    [property: Id(2)] TimeSpan Timeout);
