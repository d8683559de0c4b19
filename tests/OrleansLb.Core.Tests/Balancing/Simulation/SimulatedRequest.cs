namespace OrleansLb.Core.Tests.Balancing.Simulation;

internal sealed record SimulatedRequest(int Frontend, int Backend, double Began);
