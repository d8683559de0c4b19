namespace OrleansLb.Core.Hashing;

/// <summary>Who shares in a table that is hashed.</summary>
internal static class HashOwners
{
    /// <summary>Indexes of those with a positive weight, or of all if there is none, in the order of their keys: the order that they are handed in must not matter.</summary>
    internal static int[] Of(ReadOnlySpan<WeightedBackend> backends)
    {
        var all = backends.ToArray();
        var weighted = Enumerable.Range(0, all.Length).Where(i => all[i].Weight > 0).ToArray();
        return [.. (weighted.Length > 0 ? weighted : Enumerable.Range(0, all.Length)).OrderBy(i => all[i].Key.Value).ThenBy(i => all[i].Weight)];
    }
}
