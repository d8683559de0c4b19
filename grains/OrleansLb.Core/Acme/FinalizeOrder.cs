namespace OrleansLb.Core.Acme;

/// <summary>Asks for the certificate of an order (RFC 8555, section 7.4).</summary>
/// <param name="Csr">The request (RFC 2986) in base64url.</param>
public sealed record FinalizeOrder(string Csr);
