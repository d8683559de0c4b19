namespace OrleansLb.Contracts.Health;

/// <summary>State of a backend on the wire. Numbers are part of the contract.</summary>
[GenerateSerializer, Alias("OrleansLb.WireBackendState")]
public enum WireBackendState
{
    /// <summary>No evidence yet.</summary>
    Unknown = 0,

    /// <summary>Takes traffic.</summary>
    Up = 1,

    /// <summary>Takes a reduced share of traffic.</summary>
    Degraded = 2,

    /// <summary>Keeps its sessions and requests in flight, takes no new session.</summary>
    Draining = 3,

    /// <summary>Takes no traffic: evidence says that it cannot serve.</summary>
    Down = 4,

    /// <summary>Takes no traffic: an administrator said so.</summary>
    Maintenance = 5,

    /// <summary>Takes no traffic and has none: its drain has ended, and it may be stopped.</summary>
    Drained = 6,
}
