namespace OrleansLb.Contracts.Backends;

/// <summary>Keys of the grains of one backend: pool and backend id, escaped so that no two pairs share a key.</summary>
public static class BackendGrainKey
{
    /// <summary>Makes a key.</summary>
    /// <param name="poolId">The pool.</param>
    /// <param name="backendId">The backend.</param>
    public static string Of(string poolId, string backendId) => $"{Uri.EscapeDataString(poolId)}/{Uri.EscapeDataString(backendId)}";

    /// <summary>Takes a key apart.</summary>
    /// <param name="key">A key made by <see cref="Of"/>.</param>
    public static (string PoolId, string BackendId) Parse(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var slash = key.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0) throw new ArgumentException($"'{key}' names no pool and backend.", nameof(key));
        return (Uri.UnescapeDataString(key[..slash]), Uri.UnescapeDataString(key[(slash + 1)..]));
    }
}
