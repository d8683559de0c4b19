namespace OrleansLb.Admin.Status;

/// <summary>A certificate that the cluster orders.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Hosts">What it is for.</param>
/// <param name="NotAfter">When the present one expires; <see langword="null"/> while there is none.</param>
/// <param name="NextOrder">When the next is ordered; <see langword="null"/> while one is on order, or about to be.</param>
/// <param name="Failures">How often in a row an order has failed.</param>
/// <param name="LastError">Why the last one did, or what keeps the cluster from ordering any; <see langword="null"/> for nothing.</param>
internal sealed record CertificateSummary(
    string Name,
    IReadOnlyList<string> Hosts,
    DateTimeOffset? NotAfter,
    DateTimeOffset? NextOrder,
    int Failures,
    string? LastError);
