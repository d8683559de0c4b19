using System.Collections.Immutable;

namespace OrleansLb.Core.Health;

/// <summary>Which backends of a pool take which traffic: one version of the answer, immutable.</summary>
/// <param name="Version">Grows by one with each change.</param>
/// <param name="Backends">Every backend, ordered by key.</param>
/// <param name="Panic">Whether the pool is below its panic share.</param>
public sealed record PoolEligibility(long Version, ImmutableArray<BackendStatus> Backends, bool Panic)
{
    /// <summary>The status of one backend; <see langword="false"/> when this version does not know it.</summary>
    /// <param name="key">Which backend, in which generation.</param>
    /// <param name="status">Its status.</param>
    public bool TryGet(BackendKey key, out BackendStatus status)
    {
        var index = IndexOf(Backends.AsSpan(), key);
        status = index < 0 ? default : Backends[index];
        return index >= 0;
    }

    /// <summary>The next version; <see langword="false"/> when the delta starts from another version, so that the full answer is needed.</summary>
    /// <param name="delta">What changed.</param>
    /// <param name="next">The version that the delta leads to.</param>
    public bool TryApply(PoolEligibilityDelta delta, out PoolEligibility next)
    {
        ArgumentNullException.ThrowIfNull(delta);
        next = this;
        if (delta.FromVersion != Version) return false;
        var merged = Backends.ToDictionary(backend => backend.Key);
        foreach (var key in delta.Removed) merged.Remove(key);
        foreach (var status in delta.Changed) merged[status.Key] = status;
        next = new PoolEligibility(delta.ToVersion, Ordered(merged.Values), delta.Panic);
        return true;
    }

    /// <summary>What leads from this version to another; <see langword="null"/> when both say the same.</summary>
    /// <param name="next">The other version.</param>
    public PoolEligibilityDelta? DeltaTo(PoolEligibility next)
    {
        ArgumentNullException.ThrowIfNull(next);
        var changed = next.Backends.Where(status => !TryGet(status.Key, out var old) || old != status).ToImmutableArray();
        var kept = next.Backends.Select(static status => status.Key).ToHashSet();
        var removed = Backends.Select(static status => status.Key).Where(key => !kept.Contains(key)).ToImmutableArray();
        return changed.IsEmpty && removed.IsEmpty && next.Panic == Panic ? null : new PoolEligibilityDelta(Version, next.Version, changed, removed, next.Panic);
    }

    /// <summary>Puts statuses into the order that <see cref="Backends"/> has.</summary>
    /// <param name="backends">Statuses, each backend once.</param>
    public static ImmutableArray<BackendStatus> Ordered(IEnumerable<BackendStatus> backends) =>
        [.. backends.OrderBy(backend => backend.Key.Value)];

    private static int IndexOf(ReadOnlySpan<BackendStatus> backends, BackendKey key)
    {
        int low = 0, high = backends.Length - 1;
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var order = backends[middle].Key.Value.CompareTo(key.Value);
            if (order == 0) return middle;
            if (order < 0) low = middle + 1;
            else high = middle - 1;
        }

        return -1;
    }
}
