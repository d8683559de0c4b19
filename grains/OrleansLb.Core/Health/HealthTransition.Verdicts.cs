using System.Collections.Immutable;

namespace OrleansLb.Core.Health;

internal sealed partial class HealthTransition
{
    // Ages of answers are measured by the sender, so an answer seems younger here by the way of its report.
    private static readonly TimeSpan ReportSlack = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan FlapWindow = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan FirstDamping = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestDamping = TimeSpan.FromMinutes(5);
    private const int MostDamping = 6;
    private const int ChangesToDamp = 3;

    private enum Opinion
    {
        Reaches,
        Fails,
        Absent,
        NobodyElse,
    }

    /// <summary>What the own silo's streaks allow or demand.</summary>
    private void Decide()
    {
        if (_state.Failures == 0) DecideOnSuccess();
        else if (_state.State == BackendState.Down) DecideOnFailuresWhileDown();
        else if (_state.Failures >= settings.UnhealthyThreshold) DecideOnFailures();
    }

    private void DecideOnSuccess()
    {
        if (_state.Successes == 0) return;
        if (_state.State == BackendState.Unknown) Change(BackendState.Up, HealthChangeReason.FirstSuccess);
        else if (_state.State == BackendState.Degraded && _state.Successes >= settings.HealthyThreshold) Change(BackendState.Up, HealthChangeReason.SuccessStreak);
        else Readmit();
    }

    private void DecideOnFailuresWhileDown()
    {
        // One that was to prove itself has failed to: from here on it is Down like any other.
        if (_state.Failures >= settings.UnhealthyThreshold) _state = _state with { Waiting = false };
        SeekWitness();
    }

    private void DecideOnFailures()
    {
        if (!_state.AllAnswered)
        {
            AskOpinion();
            return;
        }

        TakeDown(HealthChangeReason.AnsweredFailures, confirmed: SuspectedSinceFirstFailure);
        SeekWitness();
    }

    /// <summary>A Down that only the own silo vouches for keeps asking: pools need witnesses for mass removals, and a lone prober may be cut off.</summary>
    private void SeekWitness()
    {
        if (!_state.Confirmed) AskOpinion();
    }

    private void Conclude(Opinion opinion)
    {
        if (_state.State == BackendState.Down) ConcludeDown(opinion);
        else if (opinion == Opinion.Reaches || FrontendReachesSince(_state.FirstFailure)) Disagree();
        else TakeDown(HealthChangeReason.ConnectivityFailures, confirmed: opinion != Opinion.Absent || SuspectedSinceFirstFailure);
    }

    private void ConcludeDown(Opinion opinion)
    {
        if (opinion == Opinion.Fails) _state = _state with { Confirmed = true };
        else if (opinion == Opinion.NobodyElse && !FrontendReachesSince(_state.FirstFailure)) _state = _state with { Confirmed = true };
        else if (opinion == Opinion.Reaches && !_state.Confirmed && !_state.AllAnswered && now >= _state.ReadmitAt) Disagree();
    }

    private bool SuspectedSinceFirstFailure => _state.Suspected >= _state.FirstFailure;

    private bool FrontendReachesSince(TimeSpan failure) => _state.FrontendSuccess > failure + ReportSlack;

    private void Disagree()
    {
        if (_state.State != BackendState.Degraded) Change(BackendState.Degraded, HealthChangeReason.Disagreement);

        // Answers older than this round must not protect a backend that dies from here on.
        _state = _state with { Failures = 0, NextProbe = Earlier(_state.NextProbe, now + DoubtDelay(settings)) };
    }

    private bool AwaitsReadmission => _state.State == BackendState.Down && _state.Successes >= settings.HealthyThreshold;

    private void Readmit()
    {
        if (AwaitsReadmission && now >= _state.ReadmitAt) Change(BackendState.Up, HealthChangeReason.SuccessStreak);
    }

    private void TakeDown(HealthChangeReason reason, bool confirmed)
    {
        var relapsed = _state.DampingLevel > 0 && now - _state.ReadmittedAt < FlapWindow;
        Change(BackendState.Down, reason);
        var level = relapsed ? Math.Min(_state.DampingLevel + 1, MostDamping) : _state.Changes.Length >= ChangesToDamp ? 1 : 0;
        _state = _state with
        {
            Confirmed = confirmed,
            Opinion = null,
            Suspicion = null,
            SuspicionPending = false,
            DampingLevel = level,
            ReadmitAt = now + Damping(level),
        };
    }

    private static TimeSpan Damping(int level) =>
        level == 0 ? TimeSpan.Zero : Earlier(FirstDamping * (1 << (level - 1)), LongestDamping);

    private void Change(BackendState to, HealthChangeReason reason)
    {
        var before = _state;
        _state = _state with { State = to, Since = now, Waiting = false };
        _change = new HealthChange(before.Shown, _state.Shown, _state.Shown == to ? reason : HealthChangeReason.DeepCheckFailed, _state.LastFailure);
        if (before.State == BackendState.Down) _state = _state with { ReadmittedAt = now, Confirmed = false, Opinion = null };

        // To prove itself for the first time is no flapping.
        var flaps = !before.Verdict.IsUnproven && (before.State == BackendState.Down || to == BackendState.Down);
        if (flaps) _state = _state with { Changes = Recent(_state.Changes).Add(now) };
    }

    private ImmutableArray<TimeSpan> Recent(ImmutableArray<TimeSpan> changes) =>
        changes.RemoveAll(at => now - at >= FlapWindow);
}
