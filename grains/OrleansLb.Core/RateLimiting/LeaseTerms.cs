namespace OrleansLb.Core.RateLimiting;

/// <summary>What a key answers to a <see cref="LeaseClaim"/>.</summary>
/// <param name="Amount">Tokens granted; 0 for no lease.</param>
/// <param name="Holders">Holders that share the key.</param>
/// <param name="Length">How long from now the grain counts the tokens as out.</param>
internal readonly record struct LeaseTerms(int Amount, int Holders, TimeSpan Length)
{
    /// <summary>Leaky bucket: how long from now each of the turns is, rising.</summary>
    public TimeSpan[] Turns { get; init; } = [];
}
