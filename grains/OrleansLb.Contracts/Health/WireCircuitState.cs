namespace OrleansLb.Contracts.Health;

/// <summary>What the circuit to a backend carries, on the wire. Numbers are part of the contract.</summary>
[GenerateSerializer, Alias("OrleansLb.WireCircuitState")]
public enum WireCircuitState
{
    /// <summary>Every request.</summary>
    Closed = 0,

    /// <summary>None.</summary>
    Open = 1,

    /// <summary>One trial at a time in the whole cluster.</summary>
    HalfOpen = 2,
}
