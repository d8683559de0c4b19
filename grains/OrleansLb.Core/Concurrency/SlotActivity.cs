namespace OrleansLb.Core.Concurrency;

/// <summary>What goes on at a front-end's gates, summed over the pool's backends.</summary>
/// <param name="Held">Slots that it may use by its leases.</param>
/// <param name="InUse">Slots in use.</param>
/// <param name="Returnable">Slots that it neither may use nor uses, and that the pool does not know of yet.</param>
/// <param name="IsLow">Whether a backend has few slots left.</param>
public readonly record struct SlotActivity(long Held, long InUse, long Returnable, bool IsLow);
