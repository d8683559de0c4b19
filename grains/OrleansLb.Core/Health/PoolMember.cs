using OrleansLb.Core.Agents;
using OrleansLb.Core.Draining;
using OrleansLb.Core.Health.Circuits;
using OrleansLb.Core.Health.Outliers;

namespace OrleansLb.Core.Health;

/// <summary>What is known of one backend before the pool weighs them together.</summary>
/// <param name="Key">Which backend, in which generation.</param>
/// <param name="Admin">The administrator's word.</param>
/// <param name="Verdict">The monitor's word.</param>
/// <param name="DownSince">When the verdict became Down; meaningless otherwise.</param>
/// <param name="Held">The verdict is Down and is not believed yet.</param>
public readonly record struct PoolMember(BackendKey Key, AdminState Admin, HealthVerdict Verdict, TimeSpan DownSince, bool Held)
{
    /// <summary>What the requests of all front-ends say; without an ejection while the verdict is Down and in force.</summary>
    public OutlierVerdict Outlier { get; init; }

    /// <summary>What the circuit to it carries.</summary>
    public CircuitState Circuit { get; init; }

    /// <summary>How far its drain is; meaningless unless the administrator's word is Draining.</summary>
    public DrainPhase Drain { get; init; }

    /// <summary>What its agent says.</summary>
    public AgentState Agent { get; init; }

    /// <summary>Whether administrator and agent leave it in service, so that evidence decides, and a panic may count on it.</summary>
    public bool IsInService => Admin == AdminState.Active && Agent.IsInService;

    /// <summary>Whether the verdict is Down and in force.</summary>
    public bool IsDown => Verdict.State == BackendState.Down && !Held;

    /// <summary>Whether the circuit to it carries no traffic but trials; a panic changes nothing in that.</summary>
    public bool IsBroken => Circuit != CircuitState.Closed;

    /// <summary>Whether the backend is out by evidence, of its agent, of probes or of requests.</summary>
    public bool IsOut => IsDown || IsBroken || Agent.IsDown || Outlier.Ejection is not null;
}
