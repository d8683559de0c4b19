using OrleansLb.Contracts.Backends;

namespace OrleansLb.Testing.Clusters;

/// <summary>Asks pools what they know.</summary>
public static class PoolStatuses
{
    /// <summary>Asks a pool until it answers: the second it has may be too short on a busy machine.</summary>
    /// <param name="client">The cluster's client.</param>
    /// <param name="pool">The pool's id.</param>
    /// <param name="cancellation">Ends the asking.</param>
    public static Task<PoolStatus> StatusOf(this IGrainFactory client, string pool, CancellationToken cancellation = default) =>
        Answers.Of(() => client.GetGrain<IPoolGrain>(pool).GetStatus(), cancellation);
}
