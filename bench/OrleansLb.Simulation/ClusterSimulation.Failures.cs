using OrleansLb.Simulation.Backends;
using OrleansLb.Simulation.Events;
using OrleansLb.Simulation.Frontends;
using OrleansLb.Simulation.Scenarios;

namespace OrleansLb.Simulation;

/// <summary>What fails and comes back, and how the cluster finds out.</summary>
public sealed partial class ClusterSimulation
{
    private void Fail(Failure failure)
    {
        switch (failure.Kind)
        {
            case FailureKind.Pool: _pool.Die(); break;
            case FailureKind.Frontend: _frontends[failure.Which].Die(); break;
            case FailureKind.BackendDies: Die(failure.Which); break;
            case FailureKind.BackendHangs: Hang(failure.Which); break;
            case FailureKind.BackendSlows: _farm.SetPace(failure.Which, failure.Factor); break;
            default: throw new InvalidOperationException($"Nothing is known of {failure.Kind}.");
        }
    }

    private void Return(Failure failure)
    {
        switch (failure.Kind)
        {
            case FailureKind.Pool: _pool.Return(Now); break;
            case FailureKind.Frontend: ReturnFrontend(failure.Which); break;
            case FailureKind.BackendSlows: _farm.SetPace(failure.Which, 1); break;
            default: Restart(failure.Which); break;
        }
    }

    private void ReturnFrontend(int index)
    {
        // It has the cluster's verdicts from the snapshot on its disk, and nothing of the load.
        _frontends[index].Hear(_health.Published);
        _frontends[index].Return();
        if (_exchanges && !_scenario.Staleness.IsNone)
            WakeAt(index, _now);
    }

    private void Die(int backend)
    {
        _farm.Stop(backend, BackendCondition.Failing);
        FailAll(backend);
        _events.Plan(_now + Seconds(_scenario.Health.Detection), EventKind.Judged, backend);
    }

    private void Hang(int backend)
    {
        _farm.Stop(backend, BackendCondition.Hanging);
        foreach (var request in _requests.At(backend))
        {
            var until = _requests[request].Began + Seconds(_scenario.Health.Patience);
            _requests.Plan(request, EventKind.PatienceEnds, Math.Max(_now, until), _events);
        }

        _events.Plan(_now + Seconds(_scenario.Health.Detection), EventKind.Judged, backend);
    }

    /// <summary>A process that is started anew knows nothing of what was sent to it before.</summary>
    private void Restart(int backend)
    {
        FailAll(backend);
        _farm.Restart(backend);
        _events.Plan(_now + Seconds(_scenario.Health.Recovery), EventKind.Judged, backend);
    }

    private void FailAll(int backend)
    {
        foreach (var request in _requests.At(backend))
            End(request, RequestEnd.Failed);
    }

    private void GiveUp(int number, int plan)
    {
        if (_requests.IsCurrent(number, plan))
            End(number, RequestEnd.Failed);
    }

    /// <summary>A request that fails the moment it is sent.</summary>
    private void Refuse(SimulatedFrontend frontend, int backend)
    {
        if (_meters.IsOn)
            _meters.Ended(0, RequestEnd.Failed);
        frontend.Fail(backend, TimeSpan.Zero);
    }

    /// <summary>The monitor has seen enough of a backend.</summary>
    private void Judge(int backend)
    {
        var isUp = _farm.ConditionOf(backend) == BackendCondition.Serving;
        if (!_health.Judge(backend, isUp, Now))
            return;
        for (var i = 0; i < _outSince.Length; i++)
            _outSince[i] = _health.TakesNew(i) ? double.PositiveInfinity : Math.Min(_outSince[i], _now);
        for (var i = 0; i < _frontends.Length; i++)
        {
            var arrives = _now + (_scenario.DelaySeconds * (0.5 + _chance.NextDouble()));
            _events.Plan(arrives, EventKind.VerdictArrives, i, _mail.Put(_health.Published));
        }
    }
}
