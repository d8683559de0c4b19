namespace OrleansLb.Core.RateLimiting;

/// <summary>The grain's answer to one <see cref="AcquireEntry"/>.</summary>
/// <param name="IsAdmitted">Whether the permits were taken.</param>
/// <param name="RetryAfter">If not: when the same cost can be admitted at the earliest; <see cref="TimeSpan.MaxValue"/> for never.</param>
/// <param name="Witness">State of the key afterwards.</param>
public readonly record struct AcquireDecision(bool IsAdmitted, TimeSpan RetryAfter, KeyWitness Witness)
{
    /// <summary>If admitted: how long the request has to wait for its turn; zero but for a leaky bucket.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>If admitted and <see cref="AcquireEntry.MayBeGivenBack"/>: by what the key finds the charge again.</summary>
    public ChargeTicket Ticket { get; init; }

    /// <summary>What is left of the key's limit afterwards.</summary>
    public LimitQuota Quota { get; init; }
}
