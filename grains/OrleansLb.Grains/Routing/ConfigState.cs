using OrleansLb.Contracts.Routing;

namespace OrleansLb.Grains.Routing;

/// <summary>The version line as it is stored.</summary>
[GenerateSerializer, Alias("OrleansLb.ConfigState")]
internal sealed class ConfigState
{
    [Id(0)]
    public long Version { get; set; }

    [Id(1)]
    public string Digest { get; set; } = "";

    [Id(2)]
    public long HighestReported { get; set; }

    /// <summary>The generation ledger, packed; empty for none.</summary>
    [Id(3)]
    public byte[] Generations { get; set; } = [];

    [Id(4)]
    public List<StoredFile> Files { get; set; } = [];

    /// <summary>Accepted configurations, oldest first.</summary>
    [Id(5)]
    public List<StoredVersion> History { get; set; } = [];

    [Id(6)]
    public List<RingKey> Keys { get; set; } = [];

    [Id(7)]
    public string SigningKeyId { get; set; } = "";

    [Id(8)]
    public DateTimeOffset KeysSince { get; set; }

    /// <summary>What keys of learned sessions are derived with; empty in what a build stored that did not know it.</summary>
    [Id(9)]
    public byte[] SessionSecret { get; set; } = [];

    [Id(10)]
    public TriedConfiguration? Trial { get; set; }

    [Id(11)]
    public TakenBackConfiguration? LastRollback { get; set; }

    /// <summary>Digest of settings that count as nobody's file; empty for none, and in what a build stored that did not know it.</summary>
    [Id(12)]
    public string Barred { get; set; } = "";
}
