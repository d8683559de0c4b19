namespace OrleansLb.Core.Tests.RateLimiting.Simulation;

/// <summary>One admission: when, at what cost, and for a window counter where in the deciding activation's window.</summary>
internal readonly record struct Admission(TimeSpan At, int Cost, int Activation, TimeSpan Elapsed, SimulatedClock Clock);
