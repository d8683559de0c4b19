using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansLb.Contracts;
using OrleansLb.Contracts.Backends;
using OrleansLb.Contracts.Health;
using OrleansLb.Core;
using OrleansLb.Core.Health;
using OrleansLb.Grains.Diagnostics;
using OrleansLb.Probes;

namespace OrleansLb.Grains.Health;

/// <summary>Runs the health machine of one backend for the whole cluster. Probes run beside the grain's turns, never in them.</summary>
[GrainType("health-monitor"), KeepAlive]
internal sealed partial class HealthMonitorGrain(
    Prober prober,
    ProbeAgents agents,
    FrontendWitnesses frontends,
    HealthMetrics metrics,
    [FromKeyedServices(Clocks.Key)] TimeProvider clock,
    ILogger<HealthMonitorGrain> logger) : Grain, IHealthMonitorGrain, IHealthWitnesses
{
    private static readonly TimeSpan AbandonedAfter = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan CheckPeriod = TimeSpan.FromSeconds(5);

    private readonly long _epoch = Random.Shared.NextInt64(1, long.MaxValue);
    private MonitorAssignment? _assignment;
    private HealthRunner? _runner;
    private CancellationTokenSource? _stop;
    private Task _running = Task.CompletedTask;
    private HealthVerdict _told;
    private string _reason = "";
    private long _revision;
    private long _lastWatched;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _lastWatched = clock.GetTimestamp();
        this.RegisterGrainTimer(LeaveWhenAbandoned, new GrainTimerCreationOptions(CheckPeriod, CheckPeriod) { Interleave = true });
        return Task.CompletedTask;
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => await Stop();

    public async ValueTask<VerdictReport> Watch(MonitorAssignment assignment)
    {
        _lastWatched = clock.GetTimestamp();
        if (_running.IsFaulted)
        {
            DeactivateOnIdle();
            await _running;
        }

        if (_assignment?.BackendKey != assignment.BackendKey) await Begin(assignment);
        else if (_assignment with { Held = assignment.Held } != assignment) _runner!.Reconfigure(assignment.ToPlan());
        _assignment = assignment;
        return Report();
    }

    public ValueTask Suspect(ulong backendKey)
    {
        if (_assignment?.BackendKey == backendKey)
            _runner!.Suspect();
        return default;
    }

    public ValueTask<MonitorStatus?> GetStatus()
    {
        if (_runner is not { } runner)
            return new((MonitorStatus?)null);

        var state = runner.State;
        return new(new MonitorStatus(
            (WireBackendState)state.Shown,
            runner.Now - state.Since,
            state.Failures,
            state.Successes,
            state.LastOutcome?.ToWire(),
            state.State == BackendState.Down && state.ReadmitAt > runner.Now ? state.ReadmitAt - runner.Now : TimeSpan.Zero)
        {
            LastDeepCheck = state.Deep?.LastOutcome?.ToWire(),
            DeepFailures = state.Deep?.Failures ?? 0,
        });
    }

    public ValueTask<ProbeOutcome?> ProbeElsewhere(ProbeTarget target, CancellationToken cancellationToken) =>
        agents.ProbeElsewhere(target, cancellationToken);

    public async ValueTask<TimeSpan?> LastAnswer(CancellationToken cancellationToken) =>
        await frontends.LastAnswer(new AnswerQuery(_assignment!.PoolId, _assignment.BackendKey));

    private async Task Begin(MonitorAssignment assignment)
    {
        await Stop();
        var stop = new CancellationTokenSource();
        var runner = new HealthRunner(assignment.Held.ToModel(), assignment.ToPlan(), prober, this, Observe, clock, Random.Shared);
        (_assignment, _stop, _runner, _told, _reason) = (assignment, stop, runner, runner.State.Verdict, "not probed yet");
        _revision++;
        _running = runner.Run(stop.Token);
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

    private void Observe(HealthStep step)
    {
        var assignment = _assignment!;
        if (step.Change is { } change)
        {
            LogChange(logger, assignment.PoolId, assignment.BackendId, change.From, change.To, change.Reason, change.LastFailure);
            _reason = HealthReasons.Of(change, step.Next);
            metrics.StateChanged(assignment.PoolId, assignment.BackendId, change);
        }

        if (step.Next.Verdict == _told)
            return;

        _told = step.Next.Verdict;
        _revision++;
        _ = Tell(Report());
    }

    private VerdictReport Report() => new(_assignment!.BackendKey, _epoch, _revision, _told.ToWire(), _reason);

    private async Task Tell(VerdictReport report)
    {
        try
        {
            await GrainFactory.GetGrain<IPoolGrain>(_assignment!.PoolId).ReportVerdict(report);
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
