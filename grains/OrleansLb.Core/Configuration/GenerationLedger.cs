using System.Collections.Immutable;

namespace OrleansLb.Core.Configuration;

/// <summary>
/// Which generation each configured backend is in. A backend's generation is the configuration version that brought its
/// address under its id, so a changed address, and an id that returns after a removal, always get a number that was never
/// used before: versions only grow, also across the loss of the store, and nothing has to be remembered of removed ids.
/// </summary>
/// <param name="Backends">The configured backends, ordered by pool and id (ordinal).</param>
public sealed record GenerationLedger(ImmutableArray<BackendGeneration> Backends)
{
    /// <summary>No backend was ever configured.</summary>
    public static GenerationLedger Empty { get; } = new([]);

    /// <summary>
    /// The ledger once <paramref name="configured"/> is in force. Repeating it with the same backends changes nothing, so a
    /// front-end that compiles a version with the ledger of that version arrives at the same generations.
    /// </summary>
    /// <param name="version">Version of the configuration that names these backends; greater than every earlier one.</param>
    /// <param name="configured">Every backend of that configuration, each (pool, id) once.</param>
    /// <exception cref="OverflowException"><paramref name="version"/> does not fit the generation of a backend (2^31 - 1).</exception>
    public GenerationLedger Advance(long version, IEnumerable<BackendAddress> configured)
    {
        var known = Backends.ToDictionary(static backend => (backend.PoolId, backend.BackendId));
        var next = ImmutableArray.CreateBuilder<BackendGeneration>(known.Count);
        foreach (var (poolId, backendId, address) in configured)
            next.Add(known.TryGetValue((poolId, backendId), out var backend) && backend.Address == address
                ? backend
                : new BackendGeneration(poolId, backendId, address, checked((int)version)));
        next.Sort(CompareIds);
        return new GenerationLedger(next.ToImmutable());
    }

    /// <summary>Two ledgers are equal when they hold the same backends.</summary>
    /// <param name="other">The other ledger.</param>
    public bool Equals(GenerationLedger? other) => other is not null && Backends.AsSpan().SequenceEqual(other.Backends.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => Backends.IsEmpty ? 0 : HashCode.Combine(Backends.Length, Backends[0], Backends[^1]);

    private static int CompareIds(BackendGeneration left, BackendGeneration right)
    {
        var byPool = string.CompareOrdinal(left.PoolId, right.PoolId);
        return byPool != 0 ? byPool : string.CompareOrdinal(left.BackendId, right.BackendId);
    }
}
