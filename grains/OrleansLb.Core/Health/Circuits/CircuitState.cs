namespace OrleansLb.Core.Health.Circuits;

/// <summary>What the circuit to a backend carries.</summary>
public enum CircuitState
{
    /// <summary>Every request.</summary>
    Closed,

    /// <summary>None: too many failed.</summary>
    Open,

    /// <summary>One at a time in the whole cluster, whose answer decides.</summary>
    HalfOpen,
}
