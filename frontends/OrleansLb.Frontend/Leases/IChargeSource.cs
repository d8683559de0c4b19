using OrleansLb.Core.RateLimiting;

namespace OrleansLb.Frontend.Leases;

/// <summary>Where permits of a request came from, and go if another limit refuses it.</summary>
internal interface IChargeSource
{
    /// <summary>Takes them back.</summary>
    /// <param name="part">Which part of a lease, where a lease paid.</param>
    void GiveBack(LeasePart part);

    /// <summary>Notes that they are spent.</summary>
    void Keep();
}
