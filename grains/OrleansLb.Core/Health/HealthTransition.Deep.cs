using OrleansLb.Core.Snapshots;

namespace OrleansLb.Core.Health;

/// <summary>The deep check: a streak of its own that takes from the share of a backend which is Up, and decides nothing else.</summary>
internal sealed partial class HealthTransition
{
    /// <summary>A check that begins: somewhere within its first interval, because what stands behind many backends may be one database.</summary>
    public static DeepCheckState? StartDeep(DeepCheckDefinition? deep, bool failing, TimeSpan now, double random) =>
        deep is null ? null : new DeepCheckState { Failing = failing, NextProbe = now + (deep.Interval * random) };

    private void AdvanceDeep()
    {
        if (settings.Deep is not { } deep || _state.Deep is not { } check) return;
        if (check.Flight is { } flight && now >= flight.Deadline) check = check with { Flight = null, NextProbe = now };
        if (check.Flight is null && MayCheckDeep && now >= check.NextProbe) check = check with { Flight = OrderDeep(deep) };
        _state = _state with { Deep = check };
    }

    /// <summary>Of a dead backend a deep check says nothing new, and a success would end no doubt about it.</summary>
    private bool MayCheckDeep => _state.State != BackendState.Down;

    private ProbeFlight OrderDeep(DeepCheckDefinition deep)
    {
        var id = _state.LastProbeId + 1;
        _state = _state with { LastProbeId = id };
        _orders.Add(new ProbeOrder(id, FromOtherSilo: false, Deep: true));
        return new ProbeFlight(id, now, now + OwnPatience(deep.Timeout));
    }

    private void CompleteDeep(DeepCheckState check, in ProbeOutcome outcome)
    {
        var before = _state.Shown;
        var due = check.Flight!.Value.Started + Jittered(settings.Deep?.Interval ?? TimeSpan.Zero);
        check = check with { Flight = null, NextProbe = due > now ? due : now, LastOutcome = outcome };
        if (outcome.IsSuccess) check = Succeeded(check);
        else if (outcome.IsFailure) check = Failed(check, outcome);
        _state = _state with { Deep = check };
        Reveal(before);
    }

    private DeepCheckState Succeeded(DeepCheckState check)
    {
        var successes = Saturated(check.Successes);
        return check with { Successes = successes, Failures = 0, Failing = check.Failing && successes < settings.Deep?.HealthyThreshold };
    }

    private DeepCheckState Failed(DeepCheckState check, in ProbeOutcome outcome)
    {
        var failures = Saturated(check.Failures);
        return check with { Successes = 0, Failures = failures, Failing = check.Failing || failures >= settings.Deep?.UnhealthyThreshold, LastFailure = outcome.Kind };
    }

    private void ReconfigureDeep()
    {
        var before = _state.Shown;
        var check = settings.Deep is null ? null : _state.Deep ?? StartDeep(settings.Deep, failing: false, now, random);
        if (check is not null && now + Jittered(settings.Deep!.Interval) is var next && next < check.NextProbe) check = check with { NextProbe = next };
        _state = _state with { Deep = check };
        Reveal(before);
    }

    /// <summary>Reports what the deep check changed, if anybody can see it: a dead backend is Down whatever it says.</summary>
    private void Reveal(BackendState before)
    {
        if (_state.Shown == before) return;
        var reason = _state.Shown == BackendState.Degraded ? HealthChangeReason.DeepCheckFailed : HealthChangeReason.DeepCheckRecovered;
        _change = new HealthChange(before, _state.Shown, reason, _state.Deep?.LastFailure ?? ProbeOutcomeKind.Success);
        _state = _state with { Since = now };
    }

    private TimeSpan DeepDue() => _state.Deep is not { } check ? TimeSpan.MaxValue
        : check.Flight?.Deadline ?? (MayCheckDeep ? check.NextProbe : TimeSpan.MaxValue);
}
