namespace OrleansLb.Core.Health.Circuits;

/// <summary>How a backend's circuit stands, for people.</summary>
/// <param name="State">What it carries.</param>
/// <param name="OpenFor">How much longer it carries nothing; zero unless it is open.</param>
/// <param name="IsTried">Whether a trial is under way.</param>
public readonly record struct CircuitStanding(CircuitState State, TimeSpan OpenFor, bool IsTried);
