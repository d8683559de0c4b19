namespace OrleansLb.Contracts.Acme;

/// <summary>A certificate with its private key.</summary>
/// <param name="Name">What it is called in the configuration.</param>
/// <param name="Chain">It and those between it and the root, in PEM.</param>
/// <param name="Key">Its private key, in PEM.</param>
[GenerateSerializer, Immutable, Alias("OrleansLb.AcmeCertificate")]
public sealed record AcmeCertificate(
    [property: Id(0)] string Name,
    [property: Id(1)] string Chain,
    [property: Id(2)] string Key)
{
    /// <summary>The name without the key: a log line that shows a certificate must not give it away.</summary>
    public override string ToString() => $"AcmeCertificate {Name}";
}
