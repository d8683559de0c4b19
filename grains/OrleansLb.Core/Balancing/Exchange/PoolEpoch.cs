namespace OrleansLb.Core.Balancing.Exchange;

/// <summary>
/// Identity of one life of a pool's totals. Epochs are ordered, by number and then by silo, so that of two activations
/// that live at once (a cut-off silo) every front-end follows the same one.
/// </summary>
/// <param name="Number">1 for a first life; one more than the highest number the activation was told of. 0 is no epoch.</param>
/// <param name="SiloIdentity">The silo it lives in; breaks ties by ordinal order.</param>
public readonly record struct PoolEpoch(long Number, string SiloIdentity) : IComparable<PoolEpoch>
{
    /// <summary>Highest number accepted from a report: above it no successor could be numbered.</summary>
    public const long MaxNumber = long.MaxValue - 1;

    /// <summary>The epoch of a front-end that has heard of none; older than every other.</summary>
    public static PoolEpoch None { get; } = new(0, "");

    /// <inheritdoc/>
    public int CompareTo(PoolEpoch other)
    {
        var byNumber = Number.CompareTo(other.Number);
        return byNumber != 0 ? byNumber : string.CompareOrdinal(SiloIdentity, other.SiloIdentity);
    }

    /// <summary>Whether <paramref name="left"/> is older.</summary>
    public static bool operator <(PoolEpoch left, PoolEpoch right) => left.CompareTo(right) < 0;

    /// <summary>Whether <paramref name="left"/> is newer.</summary>
    public static bool operator >(PoolEpoch left, PoolEpoch right) => left.CompareTo(right) > 0;

    /// <summary>Whether <paramref name="left"/> is not newer.</summary>
    public static bool operator <=(PoolEpoch left, PoolEpoch right) => left.CompareTo(right) <= 0;

    /// <summary>Whether <paramref name="left"/> is not older.</summary>
    public static bool operator >=(PoolEpoch left, PoolEpoch right) => left.CompareTo(right) >= 0;
}
