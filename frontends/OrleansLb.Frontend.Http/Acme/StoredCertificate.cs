namespace OrleansLb.Frontend.Http.Acme;

/// <summary>A certificate of the cluster on disk.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Chain">It and those between it and the root, in PEM.</param>
/// <param name="Key">Its private key, in PEM.</param>
internal sealed record StoredCertificate(string Name, string Chain, string Key)
{
    /// <summary>The name without the key: a log line that shows a certificate must not give it away.</summary>
    public override string ToString() => $"StoredCertificate {Name}";
}
