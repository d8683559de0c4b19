namespace OrleansLb.Frontend.Leases;

/// <summary>The share of every limit that this front-end was told last, on disk.</summary>
/// <param name="FrontendId">Whose share it is: a copied folder is no share for another.</param>
/// <param name="Parts">Into how many parts limits are divided, of which one is this front-end's.</param>
/// <param name="HeardAt">When the cluster had last answered, by this machine's clock; not long before it did.</param>
internal sealed record StoredShare(string FrontendId, int Parts, DateTimeOffset HeardAt);
