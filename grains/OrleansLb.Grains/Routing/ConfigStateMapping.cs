using System.Collections.Immutable;
using System.Runtime.InteropServices;
using OrleansLb.Configuration;
using OrleansLb.Contracts.Routing;
using OrleansLb.Core.Affinity;
using OrleansLb.Core.Configuration;

namespace OrleansLb.Grains.Routing;

/// <summary>Between the machine's state, the stored one and the wire.</summary>
internal static class ConfigStateMapping
{
    public static ConfigurationState ToModel(this ConfigState state) => new()
    {
        Version = state.Version,
        Digest = state.Digest,
        HighestReported = state.HighestReported,
        Generations = state.Generations.Length == 0 ? GenerationLedger.Empty : PackedGenerations.Unpack(state.Generations),
        Keys = new KeyRing([.. state.Keys.Select(ToModel)], state.SigningKeyId) { SessionSecret = [.. state.SessionSecret ?? []] },
        KeysSince = state.KeysSince,
        Files = [.. state.Files.Select(static file => new SubmittedFile(file.Source, file.Digest))],
        History = [.. state.History.Select(ToModel)],
        Trial = state.Trial?.ToModel(),
        LastRollback = state.LastRollback?.ToModel(),
        Barred = state.Barred ?? "",
    };

    public static ConfigState ToStored(this ConfigurationState state) => new()
    {
        Version = state.Version,
        Digest = state.Digest,
        HighestReported = state.HighestReported,
        Generations = PackedGenerations.Pack(state.Generations),
        Keys = [.. state.Keys.Keys.Select(ToWire)],
        SigningKeyId = state.Keys.SigningKeyId,
        SessionSecret = BytesOf(state.Keys.SessionSecret),
        KeysSince = state.KeysSince,
        Files = [.. state.Files.Select(static file => new StoredFile(file.Source, file.Digest))],
        History = [.. state.History.Select(ToStored)],
        Trial = state.Trial?.ToWire(),
        LastRollback = state.LastRollback?.ToWire(),
        Barred = state.Barred,
    };

    /// <summary>What followers are given; <see langword="null"/> before the first version.</summary>
    public static ConfigurationDocument? ToDocument(this ConfigurationState state) => state.Current is not { } current
        ? null
        : new ConfigurationDocument(
            state.Version,
            state.Digest,
            BytesOf(current.Settings),
            PackedGenerations.Pack(state.Generations),
            [.. state.Keys.Keys.Select(ToWire)],
            state.Keys.SigningKeyId)
        {
            SessionSecret = BytesOf(state.Keys.SessionSecret),
        };

    public static ConfigurationDocument WithoutKeys(this ConfigurationDocument document) => document with { Keys = [], SigningKeyId = "", SessionSecret = null };

    public static ConfigurationPackage ToPackage(this ConfigurationDocument document) => new(
        document.Version,
        document.Digest,
        document.Settings,
        document.Generations,
        new KeyRing([.. document.Keys.Select(ToModel)], document.SigningKeyId) { SessionSecret = [.. document.SessionSecret ?? []] });

    private static AffinityKey ToModel(RingKey key) => new(key.KeyId, [.. key.Secret]);

    private static RingKey ToWire(AffinityKey key) => new(key.Id, [.. key.Secret]);

    private static ConfigurationVersion ToModel(StoredVersion version) => new(
        version.Version,
        version.Digest,
        version.Source,
        version.When,
        ImmutableCollectionsMarshal.AsImmutableArray(version.Settings));

    private static StoredVersion ToStored(ConfigurationVersion version) =>
        new(version.Version, version.Digest, version.Source, version.When, BytesOf(version.Settings));

    private static byte[] BytesOf(ImmutableArray<byte> bytes) => ImmutableCollectionsMarshal.AsArray(bytes) ?? [];
}
