namespace OrleansLb.Contracts.Acme;

/// <summary>What a front-end has of the cluster's certificates.</summary>
/// <param name="FrontendId">Who asks.</param>
/// <param name="Challenges">Stamp of the challenges that it can answer; empty for none.</param>
/// <param name="Certificates">Stamp of the certificates that it has, empty for none; <see langword="null"/> when it shows none and is to be given no key.</param>
[GenerateSerializer, Immutable, Alias("OrleansLb.AcmeQuery")]
public sealed record AcmeQuery(
    [property: Id(0)] string FrontendId,
    [property: Id(1)] string Challenges,
    [property: Id(2)] string? Certificates) : IFromFrontend;
