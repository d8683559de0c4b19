namespace OrleansLb.Contracts.Acme;

/// <summary>What is new for a front-end. What is <see langword="null"/> has not changed, or is not known at the moment, and it keeps what it has.</summary>
/// <param name="Challenges">All challenges that are open.</param>
/// <param name="Certificates">All certificates that are in use.</param>
[GenerateSerializer, Immutable, Alias("OrleansLb.AcmeNews")]
public sealed record AcmeNews(
    [property: Id(0)] AcmeChallenges? Challenges,
    [property: Id(1)] AcmeCertificates? Certificates);
