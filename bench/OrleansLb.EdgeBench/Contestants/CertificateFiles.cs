namespace OrleansLb.EdgeBench.Contestants;

/// <summary>The certificate that everybody shows, in PEM files.</summary>
/// <param name="Certificate">The certificate.</param>
/// <param name="Key">Its private key.</param>
/// <param name="Both">Both, one after the other.</param>
internal sealed record CertificateFiles(string Certificate, string Key, string Both);
