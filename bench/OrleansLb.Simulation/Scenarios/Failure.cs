namespace OrleansLb.Simulation.Scenarios;

/// <summary>A failure and its end.</summary>
/// <param name="Kind">What fails, and how.</param>
/// <param name="At">When, in service times.</param>
/// <param name="For">How long it lasts, in service times.</param>
/// <param name="Which">Which front-end or backend, where it is one.</param>
/// <param name="Factor">How many times as long requests take at a backend that slows down.</param>
public sealed record Failure(FailureKind Kind, double At, double For, int Which = 0, double Factor = 1);
