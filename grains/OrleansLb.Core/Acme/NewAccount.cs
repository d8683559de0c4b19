namespace OrleansLb.Core.Acme;

/// <summary>Asks for an account, or for the one that the key has already (RFC 8555, section 7.3).</summary>
/// <param name="TermsOfServiceAgreed">Whether the authority's terms are agreed to.</param>
/// <param name="Contact">Whom the authority may write to; <see langword="null"/> for nobody.</param>
public sealed record NewAccount(bool TermsOfServiceAgreed, IReadOnlyList<string>? Contact);
