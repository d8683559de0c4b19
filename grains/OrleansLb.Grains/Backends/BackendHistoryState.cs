using OrleansLb.Contracts.Backends;

namespace OrleansLb.Grains.Backends;

/// <summary>What is stored of a backend's history.</summary>
[GenerateSerializer, Alias("OrleansLb.BackendHistoryState")]
internal sealed class BackendHistoryState
{
    /// <summary>The last changes, oldest first.</summary>
    [Id(0)]
    public List<BackendStateChange> Changes { get; set; } = [];
}
