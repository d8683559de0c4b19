using System.Globalization;

namespace OrleansLb.Configuration;

/// <summary>How many connections to each of a pool's backends a front-end holds ready. Written into one entry of its cluster's metadata.</summary>
public static class PreConnect
{
    /// <summary>What a cluster's metadata has of it; 0 for nothing.</summary>
    /// <param name="metadata">Metadata of the cluster; <see langword="null"/> for none.</param>
    public static int Of(IReadOnlyDictionary<string, string>? metadata) =>
        metadata?.GetValueOrDefault(ClusterMetadataKeys.PreConnect) is { } text ? int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture) : 0;

    /// <summary>Writes what <see cref="Of"/> reads.</summary>
    /// <param name="connections">How many.</param>
    public static string Text(int connections) => connections.ToString(CultureInfo.InvariantCulture);
}
