using System.Collections.Immutable;
using OrleansLb.Core.Draining;

namespace OrleansLb.Core.Snapshots;

/// <summary>One pool of backends as configured.</summary>
public sealed record PoolDefinition
{
    /// <summary>Pool id: the YARP cluster id.</summary>
    public required string Id { get; init; }

    /// <summary>The pool's backends, ordered by id (ordinal), so that every process indexes them alike.</summary>
    public required ImmutableArray<BackendDefinition> Backends { get; init; }

    /// <summary>What surrounds the pool's policy.</summary>
    public BalancingDefinition Balancing { get; init; } = BalancingDefinition.Default;

    /// <summary>Active health checks; <see langword="null"/> when the cluster runs none for this pool.</summary>
    public ActiveHealthDefinition? ActiveHealth { get; init; }

    /// <summary>Whether refused and reset connections count as evidence against a backend.</summary>
    /// <value>Default <see langword="true"/>.</value>
    public bool PassiveHealth { get; init; } = true;

    /// <summary>Outlier detection; <see langword="null"/> when the cluster runs none for this pool.</summary>
    public OutlierDefinition? Outlier { get; init; }

    /// <summary>When circuits are broken; <see langword="null"/> when they never are.</summary>
    public CircuitDefinition? Circuit { get; init; }

    /// <summary>Agents beside the backends; <see langword="null"/> when there are none to ask.</summary>
    public AgentDefinition? Agent { get; init; }

    /// <summary>Share of eligible backends below which the pool panics and re-admits removed ones.</summary>
    /// <value>Percent of the pool, 0 to 100; default 50; 0 never panics.</value>
    public int PanicPercent { get; init; } = 50;

    /// <summary>How many requests each backend takes at once; <see langword="null"/> for any number.</summary>
    public ConcurrencyDefinition? Concurrency { get; init; }

    /// <summary>When requests are sent to another backend, and how often they may be.</summary>
    public RetryDefinition Retry { get; init; } = RetryDefinition.Default;

    /// <summary>How WebSockets are moved from backends that have too many; <see langword="null"/> where they stay.</summary>
    public RebalanceDefinition? Rebalance { get; init; }

    /// <summary>How long a draining backend keeps its sessions and what is in flight there.</summary>
    /// <value>0 to 24 h; default 5 min; 0 cuts off at once.</value>
    public TimeSpan DrainTimeout { get; init; } = DrainMachine.DefaultTimeout;

    /// <summary>Whether sessions are bound to backends by the cluster's own affinity.</summary>
    /// <value>Default <see langword="false"/>.</value>
    public bool KeepsSessions { get; init; }

    /// <summary>How sessions are learned; <see langword="null"/> when they are not.</summary>
    public SessionDefinition? Session { get; init; }
}
