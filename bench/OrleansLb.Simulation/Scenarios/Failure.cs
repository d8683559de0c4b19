namespace OrleansLb.Simulation.Scenarios;

/// <summary>A death and a return.</summary>
/// <param name="Kind">What dies.</param>
/// <param name="At">When, in service times.</param>
/// <param name="For">How long it is away, in service times.</param>
/// <param name="Frontend">Which front-end, where one dies.</param>
public sealed record Failure(FailureKind Kind, double At, double For, int Frontend = 0);
