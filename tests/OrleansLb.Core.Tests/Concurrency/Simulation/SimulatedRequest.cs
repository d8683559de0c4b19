namespace OrleansLb.Core.Tests.Concurrency.Simulation;

/// <summary>One request.</summary>
internal sealed class SimulatedRequest(TimeSpan arrivedAt)
{
    public TimeSpan ArrivedAt => arrivedAt;

    /// <summary>Whether its front-end's lease ended while it was in a slot, or it was let in without a lease.</summary>
    public bool IsStray { get; set; }
}
