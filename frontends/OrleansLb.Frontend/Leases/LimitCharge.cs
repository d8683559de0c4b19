using OrleansLb.Core.RateLimiting;

namespace OrleansLb.Frontend.Leases;

/// <summary>Permits that a request holds until all limits of its route have decided. None of a limit that took nothing, or nothing that can come back.</summary>
/// <param name="source">Who gave them; <see langword="null"/> for none.</param>
/// <param name="part">Which part of a lease they are, where a lease paid.</param>
internal readonly struct LimitCharge(IChargeSource? source, LeasePart part = default)
{
    /// <summary>Gives them back: the request does not go on. Once, and never after <see cref="Keep"/>.</summary>
    public void GiveBack() => source?.GiveBack(part);

    /// <summary>Says that they are spent.</summary>
    public void Keep() => source?.Keep();
}
