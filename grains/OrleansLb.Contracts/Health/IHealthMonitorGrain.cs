using Orleans.Concurrency;

namespace OrleansLb.Contracts.Health;

/// <summary>Watches one backend for the whole cluster. The key is made by <see cref="Backends.BackendGrainKey"/>.</summary>
[Alias("OrleansLb.IHealthMonitorGrain"), GrainInterfaceType("OrleansLb.Contracts.Health.IHealthMonitorGrain")]
public interface IHealthMonitorGrain : IGrainWithStringKey
{
    /// <summary>Starts or goes on watching; called by the pool every second. A monitor that is no longer called stops after 10 s.</summary>
    /// <param name="assignment">What to watch.</param>
    /// <returns>The verdict in force.</returns>
    [Alias("Watch"), CalledBy(Caller.Silo), ResponseTimeout("00:00:01")]
    ValueTask<VerdictReport> Watch(MonitorAssignment assignment);

    /// <summary>A front-end could not connect, or its connection was reset before the first byte of an answer.</summary>
    /// <param name="backendKey">Generation that the front-end tried; reports about another one are dropped.</param>
    [Alias("Suspect"), CalledBy(Caller.Frontend), ResponseTimeout("00:00:01")]
    ValueTask Suspect(ulong backendKey);

    /// <summary>What the monitor knows; <see langword="null"/> when nobody asked it to watch.</summary>
    [Alias("GetStatus"), CalledBy(Caller.Silo), AlwaysInterleave, ResponseTimeout("00:00:01")]
    ValueTask<MonitorStatus?> GetStatus();
}
