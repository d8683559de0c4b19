using System.Collections.Immutable;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Core.Health;

/// <summary>One step of a <see cref="HealthMachine"/>: the state on its way from one input to the next state.</summary>
internal sealed partial class HealthTransition(HealthState state, ActiveHealthDefinition settings, TimeSpan now, double random)
{
    // Another silo's probe may take the whole timeout itself; this is for the call around it.
    private static readonly TimeSpan AnswerSlack = TimeSpan.FromSeconds(0.25);

    private readonly ImmutableArray<ProbeOrder>.Builder _orders = ImmutableArray.CreateBuilder<ProbeOrder>();
    private HealthState _state = state ?? throw new ArgumentNullException(nameof(state));
    private HealthChange? _change;

    /// <summary>The fast interval, or the interval where that is shorter: doubt never slows probing down.</summary>
    public static TimeSpan DoubtDelay(ActiveHealthDefinition settings) => Earlier(settings.Interval, settings.FastInterval);

    public HealthStep Tick()
    {
        ExpireFlights();
        AdvanceSuspicion();
        Readmit();
        EndWait();
        StartScheduledProbe();
        AdvanceDeep();
        return Finish();
    }

    public HealthStep Completed(long id, in ProbeOutcome outcome)
    {
        if (_state.Probe?.Id == id)
        {
            var started = _state.Probe.Value.Started;
            _state = _state with { Probe = null };
            Observe(outcome);
            Decide();
            Schedule(started);
        }
        else if (_state.Opinion?.Id == id)
        {
            _state = _state with { Opinion = null };
            Conclude(outcome.IsSuccess ? Opinion.Reaches : outcome.IsFailure ? Opinion.Fails : Opinion.Absent);
        }
        else if (_state.Deep is { } check && check.Flight?.Id == id)
        {
            CompleteDeep(check, outcome);
        }
        else if (_state.Suspicion is { } round)
        {
            CompleteSuspicionProbe(round, id, outcome);
        }

        return Finish();
    }

    public HealthStep NoOther(long id)
    {
        if (_state.Opinion?.Id == id)
        {
            _state = _state with { Opinion = null };
            Conclude(Opinion.NobodyElse);
        }
        else if (_state.Suspicion is { } round)
        {
            SettleOther(round, id);
            ConcludeSuspicion();
        }

        return Finish();
    }

    public HealthStep Reconfigured()
    {
        var next = now + Jittered(settings.Interval);
        if (next < _state.NextProbe) _state = _state with { NextProbe = next };
        ReconfigureDeep();
        return Finish();
    }

    private void Observe(in ProbeOutcome outcome)
    {
        _state = _state with { LastOutcome = outcome };
        if (outcome.IsSuccess) ObserveSuccess();
        else if (outcome.IsFailure) ObserveFailure(outcome);
    }

    private void ObserveSuccess() => _state = _state with
    {
        Successes = Saturated(_state.Successes),
        Failures = 0,
        Opinion = null,
    };

    private void ObserveFailure(in ProbeOutcome outcome)
    {
        var first = _state.Failures == 0;
        _state = _state with
        {
            Successes = 0,
            Failures = Saturated(_state.Failures),
            FirstFailure = first ? now : _state.FirstFailure,
            AllAnswered = (first || _state.AllAnswered) && outcome.IsAnsweredFailure,
            LastFailure = outcome.Kind,
        };
    }

    private void ExpireFlights()
    {
        // A prober that never reports (its silo is starved) must not end the probing; what it saw is unknown.
        if (_state.Probe is { } probe && now >= probe.Deadline) _state = _state with { Probe = null, NextProbe = now };
        if (_state.Opinion is { } opinion && now >= opinion.Deadline)
        {
            _state = _state with { Opinion = null };
            Conclude(Opinion.Absent);
        }
    }

    private void EndWait()
    {
        if (WaitEnds && now >= _state.WaitUntil) _state = _state with { Waiting = false };
    }

    private bool WaitEnds => _state is { Waiting: true, State: BackendState.Unknown, Failures: 0 };

    private void StartScheduledProbe()
    {
        if (_state.Probe is not null || _state.Suspicion is not null || now < _state.NextProbe) return;
        var probe = Order(fromOtherSilo: false);
        _state = _state with { Probe = probe };
    }

    private void AskOpinion()
    {
        if (_state.Opinion is not null) return;
        var opinion = Order(fromOtherSilo: true);
        _state = _state with { Opinion = opinion };
    }

    /// <summary>Orders a probe. It changes the state, so its result must be had before a <c>with</c> copies that.</summary>
    private ProbeFlight Order(bool fromOtherSilo)
    {
        var id = _state.LastProbeId + 1;
        _state = _state with { LastProbeId = id };
        _orders.Add(new ProbeOrder(id, fromOtherSilo));
        var patience = fromOtherSilo ? settings.Timeout + AnswerSlack : OwnPatience(settings.Timeout);
        return new ProbeFlight(id, now, now + patience);
    }

    private static TimeSpan OwnPatience(TimeSpan timeout) => (timeout * 2) + TimeSpan.FromSeconds(1);

    private void Schedule(TimeSpan lastStarted)
    {
        var next = IsInDoubt ? now + DoubtDelay(settings) : lastStarted + Jittered(settings.Interval);
        _state = _state with { NextProbe = next > now ? next : now };
    }

    private bool IsInDoubt => _state.State switch
    {
        BackendState.Down => _state.Waiting || (_state.Successes > 0 && _state.Successes < settings.HealthyThreshold),
        BackendState.Degraded => true,
        _ => _state.LastOutcome is not { IsSuccess: true },
    };

    private TimeSpan Jittered(TimeSpan interval) => interval * (1 + (((2 * random) - 1) * settings.JitterPercent / 100));

    private static int Saturated(int count) => count == int.MaxValue ? count : count + 1;

    private HealthStep Finish()
    {
        _state = _state with { Due = NextDue() };
        return new HealthStep(_state, _orders.DrainToImmutable(), _change);
    }

    private TimeSpan NextDue()
    {
        var due = _state.Probe?.Deadline ?? (_state.Suspicion is null ? _state.NextProbe : TimeSpan.MaxValue);
        if (_state.Opinion is { } opinion) due = Earlier(due, opinion.Deadline);
        if (WaitEnds) due = Earlier(due, _state.WaitUntil);
        if (AwaitsReadmission) due = Earlier(due, _state.ReadmitAt);
        return Earlier(Earlier(due, DeepDue()), SuspicionDue());
    }

    private static TimeSpan Earlier(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
