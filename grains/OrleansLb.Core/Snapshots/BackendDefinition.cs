namespace OrleansLb.Core.Snapshots;

/// <summary>One backend of a pool as configured.</summary>
/// <param name="Id">Backend id (YARP destination id), unique in its pool.</param>
/// <param name="Address">Where requests go.</param>
/// <param name="HealthAddress">Where probes go; the address itself unless configured.</param>
/// <param name="Host">Host header of probes; <see langword="null"/> for the address' own.</param>
/// <param name="Weight">Share of traffic relative to the pool's other backends, 1 to 1,000.</param>
/// <param name="Generation">Raised when the address changes or the id returns after a removal: older rows, verdicts and cookies do not apply.</param>
/// <param name="Key">Identity of this generation in load rows.</param>
public sealed record BackendDefinition(
    string Id,
    Uri Address,
    Uri HealthAddress,
    string? Host,
    int Weight,
    int Generation,
    BackendKey Key)
{
    /// <summary>Tier of the backend: 0 is used first, the next ones as far as it falls short.</summary>
    /// <value>Default 0; 0 to 15.</value>
    public int Priority { get; init; }

    /// <summary>Where its agent is asked, as <c>tcp://host:port</c>; <see langword="null"/> in a pool without agents.</summary>
    public Uri? AgentAddress { get; init; }

    /// <summary>Where the backend stands; empty when nothing is said.</summary>
    public string Zone { get; init; } = "";
}
