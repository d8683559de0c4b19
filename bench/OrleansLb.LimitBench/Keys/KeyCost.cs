namespace OrleansLb.LimitBench.Keys;

/// <summary>What one policy's keys cost.</summary>
/// <param name="BytesAKey">Memory of one key, after a collection.</param>
/// <param name="NewKey">Nanoseconds of a decision about a key that was never seen.</param>
/// <param name="KnownKey">The same about a key that was, in another order than they came in.</param>
/// <param name="FloodKey">The same about an invented key, evictions included.</param>
/// <param name="Growth">Memory after the flood relative to that before.</param>
/// <param name="KeysAfterFlood">Keys with a state of their own.</param>
/// <param name="Capacity">How many these may be.</param>
/// <param name="WentFree">Whether the key that was limited all along was ever admitted during the flood.</param>
internal readonly record struct KeyCost(double BytesAKey, double NewKey, double KnownKey, double FloodKey, double Growth, int KeysAfterFlood, int Capacity, bool WentFree);
