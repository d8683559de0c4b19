namespace OrleansLb.Core.Concurrency.Keys;

/// <summary>The answer to one <see cref="KeySlotClaim"/>.</summary>
/// <param name="Amount">Slots that the front-end may have in use from now on.</param>
/// <param name="IsScarce">Whether somebody lacks slots: what can be given back should be, at once.</param>
/// <param name="MayKeep">Whether slots that are free at the moment may stay there; if not, each goes back when its request ends.</param>
/// <param name="Left">Slots of the key that nobody holds.</param>
public readonly record struct KeySlotGrant(int Amount, bool IsScarce, bool MayKeep, int Left);
