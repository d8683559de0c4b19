using System.Diagnostics.Metrics;
using OrleansLb.Core.Agents;

namespace OrleansLb.Probes.Agents;

/// <summary>Counts what came of asking agents.</summary>
public sealed class AgentMetrics
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "OrleansLb.Probes.Agents";

    private readonly Counter<long> _checks;

    /// <summary>Creates the instruments.</summary>
    /// <param name="meters">The process' meters.</param>
    public AgentMetrics(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        _checks = meters.Create(MeterName).CreateCounter<long>("orleanslb.backend.agent.checks", "{check}", "Agents that this process asked.");
    }

    internal void Asked(AgentOutcome outcome)
    {
        if (_checks.Enabled)
            _checks.Add(1, new KeyValuePair<string, object?>("outcome", outcome.ToString()));
    }
}
