using OrleansLb.Configuration;
using OrleansLb.Contracts.Routing;
using OrleansLb.Core.Affinity;
using OrleansLb.Core.Configuration;

namespace OrleansLb.Frontend.Snapshots;

/// <summary>Between the wire, the disk and what the compiler takes.</summary>
internal static class SnapshotMapping
{
    public static ConfigurationPackage ToPackage(this ConfigurationDocument document) => new(
        document.Version,
        document.Digest,
        document.Settings,
        document.Generations,
        new KeyRing([.. document.Keys.Select(static key => new AffinityKey(key.KeyId, [.. key.Secret]))], document.SigningKeyId) { SessionSecret = [.. document.SessionSecret ?? []] });

    /// <summary>What is written to disk of a version that was compiled.</summary>
    public static SnapshotContent ToContent(this ConfigurationDocument document, CompiledConfiguration compiled) => new(
        document.Version,
        document.Digest,
        SettingsDocument.Unpack(document.Settings).Settings.ToDictionary(),
        [.. compiled.Generations.Backends.Select(static backend =>
            new SnapshotGeneration(backend.PoolId, backend.BackendId, backend.Address, backend.Generation))],
        [.. document.Keys.Select(static key => new SnapshotKey(key.KeyId, key.Secret))],
        document.SigningKeyId)
    {
        SessionSecret = document.SessionSecret,
    };

    public static ConfigurationPackage ToPackage(this SnapshotContent content) => new(
        content.Version,
        content.Digest,
        SettingsDocument.FromSettings(content.Settings).Pack(),
        PackedGenerations.Pack(content.ToLedger()),
        new KeyRing([.. content.Keys.Select(static key => new AffinityKey(key.Id, [.. key.Secret]))], content.SigningKeyId) { SessionSecret = [.. content.SessionSecret ?? []] });

    private static GenerationLedger ToLedger(this SnapshotContent content) => new(
        [.. content.Generations.Select(static backend =>
            new BackendGeneration(backend.PoolId, backend.BackendId, backend.Address, backend.Generation))]);
}
