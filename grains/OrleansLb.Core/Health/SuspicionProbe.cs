namespace OrleansLb.Core.Health;

/// <summary>One confirming probe of a suspicion.</summary>
/// <param name="Flight">The probe while its outcome is awaited.</param>
/// <param name="Settled">Whether it no longer stands in the way of the verdict: it failed to connect, or (of another silo) nobody ran it.</param>
public readonly record struct SuspicionProbe(ProbeFlight Flight, bool Settled);
