using System.Collections.Immutable;

namespace OrleansLb.Core.Health;

internal sealed partial class HealthTransition
{
    private static readonly TimeSpan BetweenConfirmations = TimeSpan.FromMilliseconds(100);

    // A dismissed suspicion is not examined again at once: a hundred front-ends may hold the same one. Short enough for a
    // backend that dies in between to be out within half a second of its first refusal.
    private static readonly TimeSpan BetweenExaminations = TimeSpan.FromMilliseconds(250);

    public HealthStep Suspected()
    {
        _state = _state with { Suspected = now };
        if (_state.State == BackendState.Down) _state = _state with { Confirmed = true };
        else if (_state.Suspicion is not null || now < _state.SuspicionAllowedAt) _state = _state with { SuspicionPending = true };
        else Examine();
        return Finish();
    }

    private void Examine()
    {
        var own = new SuspicionProbe(Order(fromOtherSilo: false), false);
        var other = new SuspicionProbe(Order(fromOtherSilo: true), false);
        _state = _state with
        {
            SuspicionPending = false,
            Suspicion = new SuspicionRound(now + BetweenConfirmations, null, [own], [other]),
        };
    }

    private void AdvanceSuspicion()
    {
        if (_state.Suspicion is { } round) Advance(round);
        if (_state.Suspicion is not null || !_state.SuspicionPending || now < _state.SuspicionAllowedAt) return;
        Examine();
    }

    private void Advance(SuspicionRound round)
    {
        if (round.Own.Any(probe => !probe.Settled && now >= probe.Flight.Deadline))
        {
            Dismiss();
            return;
        }

        foreach (var late in round.Other.Where(probe => !probe.Settled && now >= probe.Flight.Deadline)) SettleOther(_state.Suspicion!, late.Flight.Id);
        if (round.SecondAt <= now) SendSecondPair();
        ConcludeSuspicion();
    }

    private void SendSecondPair()
    {
        var own = new SuspicionProbe(Order(fromOtherSilo: false), false);
        var other = new SuspicionProbe(Order(fromOtherSilo: true), false);
        var round = _state.Suspicion!;
        _state = _state with { Suspicion = round with { SecondAt = null, Own = round.Own.Add(own), Other = round.Other.Add(other) } };
    }

    private void CompleteSuspicionProbe(SuspicionRound round, long id, in ProbeOutcome outcome)
    {
        var own = IndexOf(round.Own, id);
        if (own >= 0) CompleteOwn(round, own, outcome);
        else if (IndexOf(round.Other, id) >= 0) CompleteOther(round, id, outcome);
    }

    private void CompleteOwn(SuspicionRound round, int index, in ProbeOutcome outcome)
    {
        Observe(outcome);
        if (outcome.IsConnectivityFailure)
        {
            var settled = round.Own.SetItem(index, round.Own[index] with { Settled = true });
            _state = _state with { Suspicion = round with { Own = settled, FirstFailure = round.FirstFailure ?? now } };
            ConcludeSuspicion();
            return;
        }

        Dismiss();
    }

    private void CompleteOther(SuspicionRound round, long id, in ProbeOutcome outcome)
    {
        if (outcome.IsSuccess || outcome.IsAnsweredFailure)
        {
            Dismiss();
            return;
        }

        SettleOther(round, id);
        ConcludeSuspicion();
    }

    private void SettleOther(SuspicionRound round, long id)
    {
        var index = IndexOf(round.Other, id);
        if (index < 0) return;
        var settled = round.Other.SetItem(index, round.Other[index] with { Settled = true });
        _state = _state with { Suspicion = round with { Other = settled } };
    }

    private void ConcludeSuspicion()
    {
        if (_state.Suspicion is not { SecondAt: null, FirstFailure: { } failure } round) return;
        if (!round.Own.All(probe => probe.Settled) || !round.Other.All(probe => probe.Settled)) return;
        if (FrontendReachesSince(failure))
        {
            Dismiss();
            return;
        }

        EndExamination();
        TakeDown(HealthChangeReason.SuspicionConfirmed, confirmed: true);
        Schedule(now);
    }

    private void Dismiss()
    {
        EndExamination();
        Decide();
        Schedule(now);
    }

    private void EndExamination() => _state = _state with { Suspicion = null, SuspicionAllowedAt = now + BetweenExaminations };

    private TimeSpan SuspicionDue()
    {
        if (_state.Suspicion is not { } round) return _state.SuspicionPending ? _state.SuspicionAllowedAt : TimeSpan.MaxValue;
        var due = round.SecondAt ?? TimeSpan.MaxValue;
        foreach (var probe in round.Own.Concat(round.Other).Where(probe => !probe.Settled)) due = Earlier(due, probe.Flight.Deadline);
        return due;
    }

    private static int IndexOf(ImmutableArray<SuspicionProbe> probes, long id)
    {
        for (var i = 0; i < probes.Length; i++)
        {
            if (probes[i].Flight.Id == id && !probes[i].Settled) return i;
        }

        return -1;
    }
}
