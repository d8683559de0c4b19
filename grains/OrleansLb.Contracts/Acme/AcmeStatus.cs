using System.Collections.Immutable;

namespace OrleansLb.Contracts.Acme;

/// <summary>How the cluster's certificates fare.</summary>
/// <param name="Fault">What keeps it from ordering any; <see langword="null"/> for nothing.</param>
/// <param name="Certificates">The certificates, in the order of their names.</param>
[GenerateSerializer, Immutable, Alias("OrleansLb.AcmeStatus")]
public sealed record AcmeStatus(
    [property: Id(0)] string? Fault,
    [property: Id(1)] ImmutableArray<AcmeCertificateStatus> Certificates);
