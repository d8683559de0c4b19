namespace OrleansLb.Contracts.Agents;

/// <summary>Asks the agent of one backend for the whole cluster. The key is made by <see cref="Backends.BackendGrainKey"/>.</summary>
[Alias("OrleansLb.IAgentMonitorGrain"), GrainInterfaceType("OrleansLb.Contracts.Agents.IAgentMonitorGrain")]
public interface IAgentMonitorGrain : IGrainWithStringKey
{
    /// <summary>Starts or goes on asking; called by the pool every second. A monitor that is no longer called stops after 10 s.</summary>
    /// <param name="assignment">Whom to ask.</param>
    /// <returns>What the agent says.</returns>
    [Alias("Watch"), CalledBy(Caller.Silo), ResponseTimeout("00:00:01")]
    ValueTask<AgentReport> Watch(AgentAssignment assignment);
}
