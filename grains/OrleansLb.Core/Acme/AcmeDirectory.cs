namespace OrleansLb.Core.Acme;

/// <summary>Where an authority does what (RFC 8555, section 7.1.1).</summary>
/// <param name="NewNonce">Gives what is used once.</param>
/// <param name="NewAccount">Makes accounts.</param>
/// <param name="NewOrder">Takes orders.</param>
public sealed record AcmeDirectory(Uri NewNonce, Uri NewAccount, Uri NewOrder);
