namespace OrleansLb.Core.Concurrency;

/// <summary>What a front-end has and needs of some slots, in absolute numbers.</summary>
/// <param name="Held">Slots that it may have in use from now on, until it is answered; what it held beyond that is given back.</param>
/// <param name="InUse">Slots that it has in use now; more than <paramref name="Held"/> while it shrinks, or after it was cut off.</param>
/// <param name="Waiting">Slots that are waited for, or that requests were refused for want of since the last report.</param>
/// <param name="Recent">The most that were in use a short while ago; 0 where nothing is to be held in reserve.</param>
public readonly record struct SlotNumbers(int Held, int InUse, int Waiting, int Recent)
{
    /// <summary>Whether it has and needs nothing.</summary>
    public bool IsNone => Held <= 0 && InUse <= 0 && Waiting <= 0 && Recent <= 0;
}
