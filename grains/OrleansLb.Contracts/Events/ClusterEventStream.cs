namespace OrleansLb.Contracts.Events;

/// <summary>Where events are found: an Orleans stream of <see cref="ClusterEvent"/>.</summary>
public static class ClusterEventStream
{
    /// <summary>Name of the stream provider; the executable decides what stands behind it.</summary>
    public const string ProviderName = "orleanslb";

    /// <summary>Namespace of the stream.</summary>
    public const string Namespace = "orleanslb.events";

    /// <summary>Key of the only stream in the namespace.</summary>
    public const string Key = "cluster";
}
