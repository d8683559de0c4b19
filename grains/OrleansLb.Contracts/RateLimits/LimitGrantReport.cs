namespace OrleansLb.Contracts.RateLimits;

/// <summary>What became of one lease so far; both counts are cumulative.</summary>
/// <param name="Epoch">Epoch that gave the lease.</param>
/// <param name="GrantId">Identity of the lease in that epoch.</param>
/// <param name="Spent">Tokens spent.</param>
/// <param name="Returned">Tokens given back.</param>
[GenerateSerializer, Immutable, Alias("OrleansLb.LimitGrantReport")]
public readonly record struct LimitGrantReport(
    [property: Id(0)] long Epoch,
    [property: Id(1)] long GrantId,
    [property: Id(2)] int Spent,
    [property: Id(3)] int Returned)
{
    /// <summary>Sliding log: how long ago at least the last of the spent ones was spent; zero where nobody asks.</summary>
    [Id(4)] public TimeSpan SpentAge { get; init; }
}
