using System.Collections.Immutable;

namespace OrleansLb.Core.Health;

/// <summary>The difference between two versions of a pool's eligibility, as it is pushed to front-ends.</summary>
/// <param name="FromVersion">Version that it applies to, and to no other.</param>
/// <param name="ToVersion">Version that it leads to.</param>
/// <param name="Changed">New and changed backends.</param>
/// <param name="Removed">Backends that left the pool.</param>
/// <param name="Panic">Whether the pool is below its panic share now.</param>
public sealed record PoolEligibilityDelta(
    long FromVersion,
    long ToVersion,
    ImmutableArray<BackendStatus> Changed,
    ImmutableArray<BackendKey> Removed,
    bool Panic);
