using OrleansLb.Contracts;
using OrleansLb.Contracts.Agents;
using OrleansLb.Contracts.Backends;
using OrleansLb.Core;
using OrleansLb.Core.Health;
using OrleansLb.Core.Snapshots;
using OrleansLb.Grains.Agents;
using BackendStatus = OrleansLb.Core.Health.BackendStatus;

namespace OrleansLb.Grains.Backends;

/// <summary>Agents: their monitors are called every second, as those of probes are, and tell at once what changed.</summary>
internal sealed partial class PoolGrain
{
    private readonly Dictionary<BackendKey, (AgentReport Report, long At)> _agents = [];

    public ValueTask ReportAgent(AgentReport report)
    {
        Take(report);
        return default;
    }

    private Task WatchAgents(PoolDefinition definition, AgentDefinition agent) =>
        Task.WhenAll(definition.Backends.Select(backend => WatchAgent(definition, agent, backend)));

    private async Task WatchAgent(PoolDefinition definition, AgentDefinition agent, BackendDefinition backend)
    {
        try
        {
            var held = _health.Members.First(member => member.Key == backend.Key).Agent;
            if (AgentMapping.Assignment(definition, agent, backend, held) is { } assignment)
                Take(await GrainFactory.GetGrain<IAgentMonitorGrain>(BackendGrainKey.Of(PoolId, backend.Id)).Watch(assignment));
        }
        catch (Exception exception) when (GrainCall.IsFailure(exception))
        {
            // Its silo died or hangs; the next call, a second later, starts it elsewhere.
            LogAgentMonitorSilent(logger, PoolId, backend.Id, exception.Message);
        }
    }

    private void Take(AgentReport report)
    {
        var key = new BackendKey(report.BackendKey);
        var overtaken = _agents.TryGetValue(key, out var heard) && heard.Report.Epoch == report.Epoch && heard.Report.Revision > report.Revision;
        if (overtaken || _watched?.Agent is null || _health.Members.All(member => member.Key != key))
            return;

        _agents[key] = (report, clock.GetTimestamp());
        Adopt(PoolEligibilityMachine.SetAgent(_health, key, report.State.ToModel()));
    }

    private void FollowAgents(PoolDefinition definition)
    {
        if (definition.Agent is null)
            _agents.Clear();
    }

    /// <summary>A pool that lost its silo knows from the front-ends what agents said, until they say something else.</summary>
    private void RecallAgent(in BackendStatus status)
    {
        var isHeard = _agents.TryGetValue(status.Key, out var heard) && heard.Report.AnsweredAgo is not null;
        if (_watched?.Agent is not null && !isHeard)
            Adopt(PoolEligibilityMachine.SetAgent(_health, status.Key, status.Agent));
    }

    /// <summary>What a backend's agent said last; <see langword="null"/> when it was never asked.</summary>
    private AgentReport? AgentOf(BackendKey key) =>
        !_agents.TryGetValue(key, out var heard) ? null : heard.Report with { AnsweredAgo = heard.Report.AnsweredAgo + clock.GetElapsedTime(heard.At) };

    private string AgentReasonOf(BackendKey key, in BackendStatus status)
    {
        var said = _agents.TryGetValue(key, out var heard) && heard.Report.Said.Length > 0 ? $"its agent says: {heard.Report.Said}" : "its agent said so before this pool moved";
        return status.ByPanic ? $"panic; {said}" : said;
    }
}
