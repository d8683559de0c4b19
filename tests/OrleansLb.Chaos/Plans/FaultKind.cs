namespace OrleansLb.Chaos.Plans;

/// <summary>What can be done to a running cluster.</summary>
public enum FaultKind
{
    /// <summary>A silo is killed, and started again.</summary>
    KillSilo,

    /// <summary>A silo stands still, and goes on.</summary>
    FreezeSilo,

    /// <summary>A front-end is killed, and started again.</summary>
    KillFrontend,

    /// <summary>A front-end is asked to end, and started again.</summary>
    StopFrontend,

    /// <summary>A front-end stands still, and goes on.</summary>
    FreezeFrontend,

    /// <summary>A backend is killed, and started again.</summary>
    KillBackend,

    /// <summary>A backend stands still, and goes on.</summary>
    FreezeBackend,

    /// <summary>Redis is killed, and comes back with what it had.</summary>
    RestartRedis,

    /// <summary>Redis is killed, and comes back with nothing.</summary>
    EmptyRedis,

    /// <summary>Another configuration that is good, then one that is not.</summary>
    ChangeConfiguration,

    /// <summary>Connections between front-ends and one backend are late, slow, lost or cut.</summary>
    Network,
}
