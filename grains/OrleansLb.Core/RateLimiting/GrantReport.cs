namespace OrleansLb.Core.RateLimiting;

/// <summary>What became of one lease so far. Both counts are cumulative, so that loss and repetition are harmless.</summary>
/// <param name="Epoch">Epoch of the activation that gave the lease.</param>
/// <param name="GrantId">Identity of the lease in that epoch.</param>
/// <param name="Spent">Tokens spent.</param>
/// <param name="Returned">Tokens given back; they left the holder before this was sent.</param>
public readonly record struct GrantReport(long Epoch, long GrantId, int Spent, int Returned)
{
    /// <summary>
    /// Sliding log: how long ago at least the last of the spent ones was spent, by the holder's clock when it sent this; zero where nobody
    /// asks.
    /// </summary>
    public TimeSpan SpentAge { get; init; }
}
