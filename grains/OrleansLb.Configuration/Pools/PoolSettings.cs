using OrleansLb.Core.Snapshots;

namespace OrleansLb.Configuration.Pools;

/// <summary>One pool before the generations of its backends are known.</summary>
internal sealed record PoolSettings(
    string Id,
    IReadOnlyList<BackendSettings> Backends,
    BalancingDefinition Balancing,
    ActiveHealthDefinition? ActiveHealth,
    bool PassiveHealth,
    OutlierDefinition? Outlier,
    CircuitDefinition? Circuit,
    AgentDefinition? Agent,
    int PanicPercent,
    ConcurrencyDefinition? Concurrency,
    RetryDefinition Retry,
    RebalanceDefinition? Rebalance,
    TimeSpan DrainTimeout,
    bool KeepsSessions,
    SessionDefinition? Session);
