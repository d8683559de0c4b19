namespace OrleansLb.Core.Tests.Balancing.Simulation;

/// <param name="Slowness">Factor on every service time.</param>
/// <param name="Weight">Configured weight.</param>
/// <param name="Servers">Requests served at once, the others wait in order; 0 serves all at once.</param>
internal sealed record SimulatedBackend(double Slowness = 1, double Weight = 1, int Servers = 0);
