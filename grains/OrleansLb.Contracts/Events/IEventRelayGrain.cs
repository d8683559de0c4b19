namespace OrleansLb.Contracts.Events;

/// <summary>Reads the stream of events once for the cluster and hands each to every silo. Key: <see cref="ClusterEventStream.Key"/>.</summary>
[Alias("OrleansLb.IEventRelayGrain"), GrainInterfaceType("OrleansLb.Contracts.Events.IEventRelayGrain")]
public interface IEventRelayGrain : IGrainWithStringKey;
