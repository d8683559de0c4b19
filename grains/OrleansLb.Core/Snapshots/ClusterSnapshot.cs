using System.Collections.Frozen;
using OrleansLb.Core.Affinity;

namespace OrleansLb.Core.Snapshots;

/// <summary>
/// One accepted version of the cluster's configuration, compiled: what every silo and every front-end decides from.
/// Immutable; a new version is a new instance that replaces the reference.
/// </summary>
/// <param name="Version">Number given by the configuration grain; grows by one with each accepted change.</param>
/// <param name="Digest">SHA-256 of the settings this version was compiled from, in hex.</param>
/// <param name="Pools">Pools by id (YARP cluster id).</param>
/// <param name="RateLimits">Rate-limit policies by name.</param>
/// <param name="Keys">Keys of the affinity cookie.</param>
public sealed record ClusterSnapshot(
    long Version,
    string Digest,
    FrozenDictionary<string, PoolDefinition> Pools,
    FrozenDictionary<string, RateLimitPolicyDefinition> RateLimits,
    KeyRing Keys)
{
    /// <summary>How old the newest key of the affinity cookie becomes before there is another one; zero for ever.</summary>
    /// <value>Default: 7 days.</value>
    public TimeSpan KeyRotation { get; init; } = TimeSpan.FromDays(7);

    /// <summary>What certificates the cluster orders; <see langword="null"/> for none.</summary>
    public AcmeDefinition? Acme { get; init; }

    /// <summary>When this version is taken back; <see langword="null"/> for never.</summary>
    public RollbackDefinition? Rollback { get; init; }

    /// <summary>What a process knows before it has seen any configuration.</summary>
    public static ClusterSnapshot Empty { get; } = new(
        0,
        "",
        FrozenDictionary<string, PoolDefinition>.Empty,
        FrozenDictionary<string, RateLimitPolicyDefinition>.Empty,
        KeyRing.Empty);
}
