using System.Collections.Immutable;

namespace OrleansLb.Configuration;

/// <summary>What a pool says of TLS to its backends beside YARP's keys. Written into one entry of its cluster's metadata.</summary>
/// <param name="Profile">Name of the files that each front-end has for it; <see langword="null"/> for none, and the roots of the machine count.</param>
/// <param name="ServerName">The name that certificates must have; <see langword="null"/> for that of each destination.</param>
/// <param name="Hosts">Names that destinations have by their <c>Host</c>, and no other that a request may bring along.</param>
public sealed record BackendTls(string? Profile, string? ServerName, ImmutableArray<string> Hosts)
{
    private const char Separator = '\n';

    /// <summary>What a cluster's metadata has of it; <see langword="null"/> for nothing.</summary>
    /// <param name="metadata">Metadata of the cluster; <see langword="null"/> for none.</param>
    public static BackendTls? Of(IReadOnlyDictionary<string, string>? metadata) => metadata?.GetValueOrDefault(ClusterMetadataKeys.Tls) is { } text ? Parse(text) : null;

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    /// <param name="text">The entry.</param>
    public static BackendTls Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parts = text.Split(Separator);
        return new BackendTls(NotEmpty(parts[0]), NotEmpty(parts.ElementAtOrDefault(1)), [.. parts.Skip(2)]);
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join(Separator, [Profile ?? "", ServerName ?? "", .. Hosts]);

    private static string? NotEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
