using Orleans.Concurrency;

namespace OrleansLb.Contracts.Backends;

/// <summary>What administrators decided about one backend; outlives configuration changes. The key is made by <see cref="BackendGrainKey"/>.</summary>
[Alias("OrleansLb.IBackendGrain"), GrainInterfaceType("OrleansLb.Contracts.Backends.IBackendGrain")]
public interface IBackendGrain : IGrainWithStringKey
{
    /// <summary>Takes a decision: stored first, then told to the pool, then acknowledged.</summary>
    /// <param name="state">The decision.</param>
    [Alias("Set"), CalledBy(Caller.Silo), ResponseTimeout("00:00:05")]
    ValueTask Set(WireAdminState state);

    /// <summary>Takes a decision: stored first, then told to the pool, then acknowledged.</summary>
    /// <param name="state">The decision. One that is in force already changes nothing, except that a drain that is asked for with a time of its own gets that time from now on.</param>
    /// <param name="drainTimeout">For a drain: how long the backend keeps its sessions and what is in flight there, 0 to 24 h; <see langword="null"/> for what is configured.</param>
    /// <param name="by">Who decides, for people.</param>
    /// <returns>The decision in force.</returns>
    [Alias("Decide"), CalledBy(Caller.Silo), ResponseTimeout("00:00:05")]
    ValueTask<BackendDecision> Decide(WireAdminState state, TimeSpan? drainTimeout, string by);

    /// <summary>The pool found a drain at its end: stored, so that the backend stays drained wherever the pool lives.</summary>
    /// <param name="since">When the drain was decided; one of another time is left alone.</param>
    [Alias("ReportDrained"), CalledBy(Caller.Silo), ResponseTimeout("00:00:05")]
    ValueTask ReportDrained(DateTimeOffset since);

    /// <summary>The decision in force, in full.</summary>
    [Alias("GetDecision"), CalledBy(Caller.Silo), AlwaysInterleave, ResponseTimeout("00:00:01")]
    ValueTask<BackendDecision> GetDecision();

    /// <summary>The decision in force.</summary>
    [Alias("Get"), CalledBy(Caller.Silo), AlwaysInterleave, ResponseTimeout("00:00:01")]
    ValueTask<WireAdminState> Get();
}
