using OrleansLb.Core.Snapshots;

namespace OrleansLb.Configuration.Pools;

/// <summary>One pool before the generations of its backends are known.</summary>
internal sealed record PoolSettings(
    string Id,
    IReadOnlyList<BackendSettings> Backends,
    ActiveHealthDefinition? ActiveHealth,
    bool PassiveHealth,
    int PanicPercent,
    TimeSpan DrainTimeout,
    bool KeepsSessions);
