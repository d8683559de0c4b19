namespace OrleansLb.Core.Acme;

/// <summary>Orders a certificate (RFC 8555, section 7.4).</summary>
/// <param name="Identifiers">What for.</param>
public sealed record NewOrder(IReadOnlyList<AcmeIdentifier> Identifiers);
