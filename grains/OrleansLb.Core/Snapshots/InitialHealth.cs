namespace OrleansLb.Core.Snapshots;

/// <summary>What a backend counts as until probes have said something about it.</summary>
public enum InitialHealth
{
    /// <summary>Welcome at the cold start of its pool; one that joins a running pool waits for its first success, or for one interval.</summary>
    Unknown,

    /// <summary>Up at once, also in a running pool.</summary>
    Healthy,

    /// <summary>
    /// Takes no traffic, not even in a panic, until enough probes in a row have succeeded. Once enough have failed instead it is Down
    /// like any other.
    /// </summary>
    Unhealthy,
}
