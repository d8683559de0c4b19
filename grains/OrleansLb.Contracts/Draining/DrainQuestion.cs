namespace OrleansLb.Contracts.Draining;

/// <summary>One backend in a <see cref="DrainQuery"/>.</summary>
/// <param name="BackendKey">Which backend, in which generation.</param>
/// <param name="CutOff">Whether its time is over: the front-end ends what it has in flight there before it answers.</param>
[GenerateSerializer, Immutable, Alias("OrleansLb.DrainQuestion")]
public readonly record struct DrainQuestion(
    [property: Id(0)] ulong BackendKey,
    [property: Id(1)] bool CutOff);
