using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansLb.Contracts;
using OrleansLb.Contracts.Agents;
using OrleansLb.Contracts.Backends;
using OrleansLb.Core;
using OrleansLb.Core.Agents;
using OrleansLb.Probes.Agents;

namespace OrleansLb.Grains.Agents;

/// <summary>Keeps what one backend's agent says, for the whole cluster. Questions are asked beside the grain's turns, never in them.</summary>
[GrainType("agent-monitor"), KeepAlive]
internal sealed partial class AgentMonitorGrain(
    AgentClient client,
    [FromKeyedServices(Clocks.Key)] TimeProvider clock,
    ILogger<AgentMonitorGrain> logger) : Grain, IAgentMonitorGrain
{
    private static readonly TimeSpan AbandonedAfter = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan CheckPeriod = TimeSpan.FromSeconds(5);

    private readonly long _epoch = Random.Shared.NextInt64(1, long.MaxValue);
    private AgentAssignment? _assignment;
    private CancellationTokenSource? _stop;
    private Task _running = Task.CompletedTask;
    private AgentState _state;
    private AgentAnswer? _last;
    private string _said = "";
    private long? _answeredAt;
    private long _revision;
    private long _lastWatched;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _lastWatched = clock.GetTimestamp();
        this.RegisterGrainTimer(LeaveWhenAbandoned, new GrainTimerCreationOptions(CheckPeriod, CheckPeriod) { Interleave = true });
        return Task.CompletedTask;
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => await Stop();

    public async ValueTask<AgentReport> Watch(AgentAssignment assignment)
    {
        _lastWatched = clock.GetTimestamp();
        if (_running.IsFaulted)
        {
            DeactivateOnIdle();
            await _running;
        }

        // What the pool holds is where a new series of answers goes on; while they come, it is what they led to.
        if (_assignment is null || _assignment with { Held = assignment.Held } != assignment)
            await Begin(assignment);
        _assignment = assignment;

        // The pool may learn what the agent said in an earlier life only after it has called this one.
        if (_answeredAt is null)
            _state = assignment.Held.ToModel();
        return Report();
    }

    private async Task Begin(AgentAssignment assignment)
    {
        await Stop();
        if (_assignment?.BackendKey != assignment.BackendKey)
            (_state, _last, _said, _answeredAt) = (assignment.Held.ToModel(), null, "", null);
        (_assignment, _stop) = (assignment, new CancellationTokenSource());
        _revision++;
        _running = new AgentRunner(assignment.ToTarget(), client, Observe, clock, Random.Shared).Run(_stop.Token);
    }

    private async Task Stop()
    {
        if (_stop is not { } stop)
            return;

        _stop = null;
        await stop.CancelAsync();
        await Task.WhenAny(_running);
        stop.Dispose();
    }

    private void Observe(AgentAnswer answer)
    {
        var assignment = _assignment!;
        if (answer.Outcome != _last?.Outcome && !answer.IsAnswered)
            LogUnanswered(logger, assignment.PoolId, assignment.BackendId, assignment.Address, answer.Outcome);
        if (answer.Outcome == AgentOutcome.UnknownWords && answer.Said != _said)
            LogUnknownWords(logger, assignment.PoolId, assignment.BackendId, answer.Reply.UnknownWords, answer.Said);
        _last = answer;
        _revision++;
        if (!answer.IsAnswered)
            return;

        var before = _state;
        _state = _state.After(answer.Reply);
        (_said, _answeredAt) = (answer.Said, clock.GetTimestamp());
        if (_state == before)
            return;
        if ((_state.Service, _state.IsDown) != (before.Service, before.IsDown))
            LogChange(logger, assignment.PoolId, assignment.BackendId, answer.Said);
        _ = Tell(Report());
    }

    private AgentReport Report() => new(
        _assignment!.BackendKey,
        _epoch,
        _revision,
        _state.ToWire(),
        _said,
        _state.MaxConnections,
        _last?.Outcome.ToString() ?? "",
        _answeredAt is { } at ? clock.GetElapsedTime(at) : null);

    private async Task Tell(AgentReport report)
    {
        try
        {
            await GrainFactory.GetGrain<IPoolGrain>(_assignment!.PoolId).ReportAgent(report);
        }
        catch (Exception exception) when (GrainCall.IsFailure(exception))
        {
            // The pool asks again within a second.
            LogNotTold(logger, _assignment!.PoolId, _assignment.BackendId, exception.Message);
        }
    }

    private Task LeaveWhenAbandoned(CancellationToken cancellationToken)
    {
        if (clock.GetElapsedTime(_lastWatched) > AbandonedAfter)
            DeactivateOnIdle();
        return Task.CompletedTask;
    }
}
