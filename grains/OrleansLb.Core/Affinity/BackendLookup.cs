using OrleansLb.Core.Snapshots;

namespace OrleansLb.Core.Affinity;

/// <summary>Finds a backend in its pool by binary search: a pool's backends are ordered by id.</summary>
internal static class BackendLookup
{
    /// <returns>Index in <see cref="PoolDefinition.Backends"/>, or -1.</returns>
    internal static int IndexOf(PoolDefinition pool, ReadOnlySpan<char> backendId)
    {
        var (low, high) = (0, pool.Backends.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var order = pool.Backends[middle].Id.AsSpan().SequenceCompareTo(backendId);
            if (order == 0)
                return middle;
            if (order < 0)
                low = middle + 1;
            else
                high = middle - 1;
        }

        return -1;
    }
}
