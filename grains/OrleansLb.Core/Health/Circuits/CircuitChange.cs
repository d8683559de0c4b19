namespace OrleansLb.Core.Health.Circuits;

/// <summary>One decision of a <see cref="CircuitMachine"/>.</summary>
/// <param name="Key">The backend.</param>
/// <param name="State">What its circuit carries from now on.</param>
/// <param name="For">How long it stays broken; zero otherwise.</param>
/// <param name="Evidence">Why, as an operator reads it.</param>
public readonly record struct CircuitChange(BackendKey Key, CircuitState State, TimeSpan For, string Evidence);
