using OrleansLb.Contracts.Events;

namespace OrleansLb.Grains.Events;

/// <summary>What is stored of the events.</summary>
[GenerateSerializer, Alias("OrleansLb.EventLogState")]
internal sealed class EventLogState
{
    /// <summary>The last events, oldest first.</summary>
    [Id(0)]
    public List<ClusterEvent> Events { get; set; } = [];
}
