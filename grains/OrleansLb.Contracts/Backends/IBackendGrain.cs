using Orleans.Concurrency;

namespace OrleansLb.Contracts.Backends;

/// <summary>What administrators decided about one backend; outlives configuration changes. The key is made by <see cref="BackendGrainKey"/>.</summary>
[Alias("OrleansLb.IBackendGrain"), GrainInterfaceType("OrleansLb.Contracts.Backends.IBackendGrain")]
public interface IBackendGrain : IGrainWithStringKey
{
    /// <summary>Takes a decision: stored first, then told to the pool, then acknowledged.</summary>
    /// <param name="state">The decision.</param>
    [Alias("Set"), ResponseTimeout("00:00:05")]
    ValueTask Set(WireAdminState state);

    /// <summary>The decision in force.</summary>
    [Alias("Get"), AlwaysInterleave, ResponseTimeout("00:00:01")]
    ValueTask<WireAdminState> Get();
}
