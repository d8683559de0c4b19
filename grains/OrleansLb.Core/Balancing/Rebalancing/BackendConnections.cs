namespace OrleansLb.Core.Balancing.Rebalancing;

/// <summary>The connections of one backend.</summary>
/// <param name="Own">Those of this front-end that may be ended.</param>
/// <param name="OfFrontend">All of this front-end.</param>
/// <param name="Total">All of all front-ends, these included.</param>
/// <param name="Weight">What the backend is worth; 0 for one that takes nothing new, whose connections are nobody's share.</param>
public readonly record struct BackendConnections(int Own, int OfFrontend, int Total, double Weight);
