namespace OrleansLb.Core.Health;

/// <summary>What the cluster holds to be true of a backend. Precedence: administrator, then agent, then active, then passive evidence.</summary>
public enum BackendState
{
    /// <summary>No evidence yet.</summary>
    Unknown,

    /// <summary>Takes traffic.</summary>
    Up,

    /// <summary>Takes a reduced share of traffic.</summary>
    Degraded,

    /// <summary>Keeps its sessions and requests in flight, takes no new session.</summary>
    Draining,

    /// <summary>Takes no traffic: evidence says that it cannot serve.</summary>
    Down,

    /// <summary>Takes no traffic: an administrator said so.</summary>
    Maintenance,

    /// <summary>Takes no traffic and has none: its drain has ended, and it may be stopped.</summary>
    Drained,
}
