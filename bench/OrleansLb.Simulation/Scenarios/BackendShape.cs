namespace OrleansLb.Simulation.Scenarios;

/// <summary>One backend of a scenario.</summary>
/// <param name="Slowness">Factor on every service time, above 0.</param>
/// <param name="Weight">Configured weight, above 0.</param>
/// <param name="Servers">Requests served at once, the others wait in order of arrival; 0 serves all at once.</param>
public sealed record BackendShape(double Slowness = 1, double Weight = 1, int Servers = 0)
{
    /// <summary>Requests that end in a service time while it is busy; of a backend that serves all at once, while it has one.</summary>
    public double Capacity => Math.Max(1, Servers) / Slowness;
}
