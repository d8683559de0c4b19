namespace OrleansLb.Contracts.RateLimits;

/// <summary>Answer to one <see cref="LimitAcquire"/>.</summary>
/// <param name="Admitted">Whether the permits were taken.</param>
/// <param name="RetryAfter">If not: when the same cost can be admitted at the earliest; <see cref="TimeSpan.MaxValue"/> for never.</param>
/// <param name="Witness">State of the key afterwards, to be remembered.</param>
[GenerateSerializer, Immutable, Alias("OrleansLb.LimitDecision")]
public readonly record struct LimitDecision(
    [property: Id(0)] bool Admitted,
    [property: Id(1)] TimeSpan RetryAfter,
    [property: Id(2)] LimitWitness Witness)
{
    /// <summary>If admitted: how long the request has to wait for its turn; zero but for a leaky bucket.</summary>
    [Id(3)] public TimeSpan Delay { get; init; }

    /// <summary>Permits of the key that are left afterwards.</summary>
    [Id(4)] public int Remaining { get; init; }

    /// <summary>How long until nothing counts any more of what was admitted so far; <see cref="TimeSpan.MaxValue"/> for never.</summary>
    [Id(5)] public TimeSpan ResetAfter { get; init; }

    /// <summary>Of a charge that may be given back: when it was made, by the clock of the activation; to be repeated when it is settled.</summary>
    [Id(6)] public TimeSpan ChargedAt { get; init; }

    /// <summary>The same: what the key needs besides to find it again.</summary>
    [Id(7)] public double ChargeMark { get; init; }
}
