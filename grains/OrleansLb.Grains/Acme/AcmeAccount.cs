using OrleansLb.Core.Acme;

namespace OrleansLb.Grains.Acme;

/// <summary>Who the cluster is at an authority.</summary>
/// <param name="Key">The key that shows it.</param>
/// <param name="Address">Where the authority has the account; <see langword="null"/> while it has none.</param>
internal sealed record AcmeAccount(AccountKey Key, Uri? Address);
