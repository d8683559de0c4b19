using System.Collections.Immutable;

namespace OrleansLb.Core.Health;

/// <summary>All that a pool knows of its backends' health.</summary>
/// <param name="Published">The newest version told to front-ends.</param>
/// <param name="Members">Backends in the order of the pool's definition.</param>
/// <param name="PanicPercent">As configured, 0 to 100.</param>
/// <param name="Interval">Probe interval: removals within one are looked at together.</param>
public sealed record PoolEligibilityState(
    PoolEligibility Published,
    ImmutableArray<PoolMember> Members,
    int PanicPercent,
    TimeSpan Interval);
