using System.Collections.Immutable;
using Orleans.Concurrency;

namespace OrleansLb.Contracts.Backends;

/// <summary>The last changes of one backend's state, over all generations. The key is made by <see cref="BackendGrainKey"/>.</summary>
[Alias("OrleansLb.IBackendHistoryGrain"), GrainInterfaceType("OrleansLb.Contracts.Backends.IBackendHistoryGrain")]
public interface IBackendHistoryGrain : IGrainWithStringKey
{
    /// <summary>How many changes are kept.</summary>
    const int Capacity = 100;

    /// <summary>Adds changes. Repeating a call does no harm.</summary>
    /// <param name="changes">The changes, oldest first.</param>
    [Alias("Add"), CalledBy(Caller.Silo), ResponseTimeout("00:00:05")]
    ValueTask Add(ImmutableArray<BackendStateChange> changes);

    /// <summary>The last changes, at most <see cref="Capacity"/>, oldest first.</summary>
    [Alias("List"), CalledBy(Caller.Silo), AlwaysInterleave, ResponseTimeout("00:00:02")]
    ValueTask<ImmutableArray<BackendStateChange>> List();
}
