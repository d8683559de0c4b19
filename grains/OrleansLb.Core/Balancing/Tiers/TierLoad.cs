namespace OrleansLb.Core.Balancing.Tiers;

/// <summary>
/// Divides a pool's traffic among its tiers: all of it to the first while enough of that is eligible, and, the more it falls short, gradually more to
/// the next ones. The rule is that of Envoy's priority levels: a tier of which a share h is eligible can carry min(1, h x overprovisioning) of the traffic.
/// </summary>
public static class TierLoad
{
    /// <summary>Works out the share of each tier.</summary>
    /// <param name="health">Per tier, the first to be used first, the eligible share of its capacity from 0 to 1; what is no number counts as 0.</param>
    /// <param name="overprovisioning">How much more than its share a backend can carry; 1 or more, 1.4 for Envoy's 140 %.</param>
    /// <param name="shares">Receives the share of each tier from 0 to 1, in sum 1; all 0 when nothing is eligible. At least as long as <paramref name="health"/>.</param>
    public static void Divide(ReadOnlySpan<double> health, double overprovisioning, Span<double> shares)
    {
        shares = shares[..health.Length];
        var (left, carried) = (1.0, 0.0);
        for (var i = 0; i < health.Length; i++)
        {
            var carries = health[i] > 0 ? Math.Min(1, health[i] * Math.Max(1, overprovisioning)) : 0;
            shares[i] = Math.Min(left, carries);
            left -= shares[i];
            carried += shares[i];
        }

        // Together they cannot carry it all: each carries what it can in proportion, rather than some traffic nowhere.
        for (var i = 0; i < shares.Length && carried > 0; i++)
            shares[i] /= carried;
    }
}
