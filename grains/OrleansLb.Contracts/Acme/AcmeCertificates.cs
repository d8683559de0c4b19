using System.Collections.Immutable;

namespace OrleansLb.Contracts.Acme;

/// <summary>The certificates that are in use.</summary>
/// <param name="Stamp">Tells these from others.</param>
/// <param name="All">The certificates, in the order of their names.</param>
[GenerateSerializer, Immutable, Alias("OrleansLb.AcmeCertificates")]
public sealed record AcmeCertificates(
    [property: Id(0)] string Stamp,
    [property: Id(1)] ImmutableArray<AcmeCertificate> All);
