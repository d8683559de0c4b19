namespace OrleansLb.Frontend.Http.Acme;

/// <summary>The certificates of the cluster on disk.</summary>
/// <param name="Stamp">Tells these from others.</param>
/// <param name="All">The certificates.</param>
internal sealed record StoredCertificates(string Stamp, IReadOnlyList<StoredCertificate> All);
