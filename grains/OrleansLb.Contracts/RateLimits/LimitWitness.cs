namespace OrleansLb.Contracts.RateLimits;

/// <summary>State of a key after a decision. Front-ends remember the newest, so that a new activation can continue from it.</summary>
/// <param name="Epoch">Activation that decided.</param>
/// <param name="Version">Position among its decisions.</param>
/// <param name="Tokens">Token bucket: tokens left.</param>
/// <param name="Outstanding">Token bucket: tokens out in leases.</param>
/// <param name="Previous">Window counter: admitted in the window before.</param>
/// <param name="Current">Window counter: admitted in this window.</param>
/// <param name="Elapsed">Window counter: how far this window had advanced.</param>
[GenerateSerializer, Immutable, Alias("OrleansLb.LimitWitness")]
public readonly record struct LimitWitness(
    [property: Id(0)] long Epoch,
    [property: Id(1)] long Version,
    [property: Id(2)] double Tokens,
    [property: Id(3)] int Outstanding,
    [property: Id(4)] int Previous,
    [property: Id(5)] int Current,
    [property: Id(6)] TimeSpan Elapsed);
