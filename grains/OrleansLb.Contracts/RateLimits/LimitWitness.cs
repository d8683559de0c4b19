namespace OrleansLb.Contracts.RateLimits;

/// <summary>State of a key after a decision. Front-ends remember the newest, so that a new activation can continue from it.</summary>
/// <param name="Epoch">Activation that decided.</param>
/// <param name="Version">Position among its decisions.</param>
/// <param name="Tokens">Token bucket: tokens left.</param>
/// <param name="Outstanding">Token bucket: tokens out in leases.</param>
/// <param name="Previous">Window counter: admitted in the window before.</param>
/// <param name="Current">Windows: admitted in this window. Log: permits of one moment.</param>
/// <param name="Elapsed">Windows: how far this window had advanced.</param>
[GenerateSerializer, Immutable, Alias("OrleansLb.LimitWitness")]
public readonly record struct LimitWitness(
    [property: Id(0)] long Epoch,
    [property: Id(1)] long Version,
    [property: Id(2)] double Tokens,
    [property: Id(3)] int Outstanding,
    [property: Id(4)] int Previous,
    [property: Id(5)] int Current,
    [property: Id(6)] TimeSpan Elapsed)
{
    /// <summary>Leaky bucket: how long until the next turn that is free.</summary>
    [Id(7)] public TimeSpan Backlog { get; init; }
}
