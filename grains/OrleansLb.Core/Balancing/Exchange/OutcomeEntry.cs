namespace OrleansLb.Core.Balancing.Exchange;

/// <summary>One front-end's outcomes at one backend.</summary>
/// <param name="Key">The backend.</param>
/// <param name="Counters">Counted since the front-end's incarnation began.</param>
/// <param name="Run">Gateway failures since the last other outcome, read at one instant with <see cref="OutcomeCounters.Reached"/>.</param>
public readonly record struct OutcomeEntry(BackendKey Key, OutcomeCounters Counters, int Run);
