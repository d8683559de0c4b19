namespace OrleansLb.Core.Concurrency;

/// <summary>What a front-end has and needs of one backend's slots, in absolute numbers.</summary>
/// <param name="Key">The backend generation.</param>
/// <param name="Held">Requests that it may have there from now on, until it is answered; what it held beyond that is given back.</param>
/// <param name="InUse">Requests that it has there now; more than <paramref name="Held"/> while it shrinks, or after it was cut off.</param>
/// <param name="Waiting">Requests that wait for a slot there, or that were refused for want of one since the last report.</param>
/// <param name="Recent">The most that were in use a short while ago.</param>
public readonly record struct SlotClaim(BackendKey Key, int Held, int InUse, int Waiting, int Recent)
{
    /// <summary>The same without the backend.</summary>
    public SlotNumbers Numbers => new(Held, InUse, Waiting, Recent);
}
