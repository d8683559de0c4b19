using System.Collections.Immutable;
using System.Text;
using Microsoft.Extensions.Configuration;
using OrleansLb.Configuration.Settings;

namespace OrleansLb.Configuration;

/// <summary>
/// The cluster-wide part of a configuration as flat, sorted settings: what silos agree on, store, version and send to
/// front-ends. It holds the whole <c>ReverseProxy</c> section and, below <c>OrleansLb</c>, the keys that are the same for every
/// process; the others (addresses, ports, timings of a process) stay with their process. Immutable; equal by content.
/// </summary>
public sealed class SettingsDocument : IEquatable<SettingsDocument>
{
    /// <summary>The largest document that compiles, in bytes of UTF-8 of all keys and values: 16 MiB, which holds about 100,000 routes.</summary>
    public const int MaxBytes = 16 * 1024 * 1024;

    /// <summary>The largest document that compiles, in bytes as packed: 2 MiB, so that it fits one message with its generations.</summary>
    public const int MaxPackedBytes = 2 * 1024 * 1024;

    private static readonly string[] ClusterWideSections =
    [
        ReverseProxySection,
        RateLimitingSection,
        AffinitySection,
        AcmeSection,
        RollbackSection,
        TimeoutsSection,
        AllowedBackendNetworksSection,
    ];

    private SettingsDocument(ImmutableArray<KeyValuePair<string, string?>> settings)
    {
        Settings = settings;
        Digest = SettingsDigest.Of(settings.AsSpan());
        Bytes = settings.Sum(static setting => (long)Encoding.UTF8.GetByteCount(setting.Key) + Encoding.UTF8.GetByteCount(setting.Value ?? ""));
    }

    /// <summary>Section with YARP's own keys.</summary>
    public const string ReverseProxySection = "ReverseProxy";

    /// <summary>Section with the rate-limit policies.</summary>
    public const string RateLimitingSection = "OrleansLb:RateLimiting";

    /// <summary>Section with what holds for the cookies of all clusters.</summary>
    public const string AffinitySection = "OrleansLb:Affinity";

    /// <summary>Section with the certificates that the cluster orders by itself.</summary>
    public const string AcmeSection = "OrleansLb:Acme";

    /// <summary>Section that says when a version is taken back because requests fail.</summary>
    public const string RollbackSection = "OrleansLb:Rollback";

    /// <summary>Section with the times that routes may name.</summary>
    public const string TimeoutsSection = "OrleansLb:Timeouts";

    /// <summary>List of networks that backends may have addresses in although they are link-local or metadata services.</summary>
    public const string AllowedBackendNetworksSection = "OrleansLb:AllowedBackendNetworks";

    /// <summary>No settings: no routes, no pools.</summary>
    public static SettingsDocument Empty { get; } = new([]);

    /// <summary>Full key paths and values, sorted by path (ordinal without case, then ordinal).</summary>
    public ImmutableArray<KeyValuePair<string, string?>> Settings { get; }

    /// <summary>SHA-256 of the settings, 64 lower-case hex digits.</summary>
    public string Digest { get; }

    /// <summary>Size of the settings in bytes of UTF-8.</summary>
    public long Bytes { get; }

    /// <summary>Takes the cluster-wide part out of a process' configuration, values as the configuration resolves them now.</summary>
    /// <param name="configuration">The root of a configuration.</param>
    public static SettingsDocument From(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var root = SettingsTree.Build(ProviderSettings.Of(configuration));
        return Sorted(ClusterWideSections.SelectMany(section => root.Find(section) is { } node ? SettingsTree.Flatten(node, section) : []));
    }

    /// <summary>
    /// Makes a document of settings as they are: from the store, the wire or an upload. What does not belong in it becomes an
    /// error when it is compiled.
    /// </summary>
    /// <param name="settings">Full key paths and values in any order.</param>
    public static SettingsDocument FromSettings(IEnumerable<KeyValuePair<string, string?>> settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return Sorted(settings);
    }

    /// <summary>Makes a document of packed settings.</summary>
    /// <param name="packed">What <see cref="Pack"/> made.</param>
    /// <exception cref="InvalidDataException">The bytes are damaged, of another format, or hold more than any document.</exception>
    public static SettingsDocument Unpack(ReadOnlySpan<byte> packed) => Sorted(PackedSettings.Unpack(packed));

    /// <summary>The settings as compressed bytes, for the store and the wire.</summary>
    public byte[] Pack() => PackedSettings.Pack(Settings);

    /// <summary>The settings as a configuration that never changes; it serves lookups in constant time.</summary>
    public IConfiguration ToConfiguration() => SettingsTree.Build(Settings);

    /// <inheritdoc/>
    public bool Equals(SettingsDocument? other) => other is not null && Digest == other.Digest;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SettingsDocument);

    /// <inheritdoc/>
    public override int GetHashCode() => Digest.GetHashCode(StringComparison.Ordinal);

    private static SettingsDocument Sorted(IEnumerable<KeyValuePair<string, string?>> settings) =>
        new(settings.Order(SettingComparer.Instance).ToImmutableArray());
}
