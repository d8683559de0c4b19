namespace OrleansLb.Core.Acme;

/// <summary>An order as the authority sees it (RFC 8555, section 7.1.3).</summary>
/// <param name="Status">One of <see cref="AcmeStatuses"/>.</param>
/// <param name="Authorizations">What is to be proven, a document for each name.</param>
/// <param name="Finalize">Where the certificate is asked for once all is proven.</param>
/// <param name="Certificate">Where it is then.</param>
/// <param name="Error">Why there will be none.</param>
public sealed record AcmeOrder(string Status, IReadOnlyList<Uri> Authorizations, Uri Finalize, Uri? Certificate = null, AcmeProblem? Error = null);
