using System.Collections.Immutable;
using OrleansLb.Core;
using OrleansLb.Core.Balancing;
using OrleansLb.Core.Balancing.Exchange;
using OrleansLb.Core.Health;
using OrleansLb.Simulation.Backends;
using OrleansLb.Simulation.Events;
using OrleansLb.Simulation.Frontends;
using OrleansLb.Simulation.Health;
using OrleansLb.Simulation.Meters;
using OrleansLb.Simulation.Policies;
using OrleansLb.Simulation.Scenarios;

namespace OrleansLb.Simulation;

/// <summary>
/// Discrete events around the shipped machines: front-ends pick, backends serve, reports and replies travel and get lost,
/// front-ends, backends and the pool fail and return. The same seed gives the same run.
/// </summary>
public sealed partial class ClusterSimulation
{
    // The product looks at a pool this often even when nothing happens.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly Scenario _scenario;
    private readonly bool _exchanges;
    private readonly EventQueue _events = new();
    private readonly RequestTable _requests = new();
    private readonly Mailbag _mail = new();
    private readonly Workload _workload;
    private readonly BackendFarm _farm;
    private readonly SimulatedFrontend[] _frontends;
    private readonly SimulatedPool _pool;
    private readonly RunMeters _meters;
    private readonly SimulatedHealth _health;
    private readonly double[] _outSince;
    private PickRandom _chance;
    private double _now;

    private ClusterSimulation(Scenario scenario, PolicyChoice policy, ulong seed)
    {
        _scenario = scenario;
        _exchanges = policy.Exchanges;
        _workload = new Workload(scenario, seed << 8);
        _chance = new PickRandom((seed << 8) + 1);
        _farm = new BackendFarm(scenario.Backends, _requests, _events);
        _meters = new RunMeters(scenario);
        var keys = Enumerable.Range(0, scenario.Backends.Length).Select(static i => BackendKey.Of("pool", $"b{i}", 1)).ToImmutableArray();
        var weights = scenario.Backends.Select(static backend => backend.Weight).ToImmutableArray();
        _health = new SimulatedHealth(scenario, keys);
        _outSince = new double[keys.Length];
        Array.Fill(_outSince, double.PositiveInfinity);
        _frontends = [.. Enumerable.Range(0, scenario.Frontends).Select(i => new SimulatedFrontend(
            policy,
            new PolicySetup(i, scenario.Frontends, weights),
            new CandidateList(keys, weights, scenario.Health.SlowStart, _health.Published),
            keys,
            (seed << 8) + 2 + (ulong)i))];
        _pool = new SimulatedPool([.. _frontends.Select(static frontend => frontend.Id)]);
    }

    private TimeSpan Now => TimeSpan.FromSeconds(_now);

    /// <summary>Runs a scenario once.</summary>
    /// <param name="scenario">What happens.</param>
    /// <param name="policy">How front-ends pick.</param>
    /// <param name="seed">Everything that is chance; below 2^55.</param>
    public static RunResult Run(Scenario scenario, PolicyChoice policy, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        ArgumentNullException.ThrowIfNull(policy);
        var simulation = new ClusterSimulation(scenario, policy, seed);
        simulation.Start();
        simulation.Play();
        return simulation._meters.Result();
    }

    private double LongestTravel => 1.5 * _scenario.DelaySeconds;

    private double Seconds(double serviceTimes) => serviceTimes * _scenario.ServiceSeconds;

    private void Start()
    {
        _events.Plan(_workload.NextArrival(), EventKind.Arrival);
        _events.Plan(Seconds(_scenario.Warmup), EventKind.MeasuringBegins);
        _events.Plan(Seconds(_scenario.Warmup + _scenario.Duration), EventKind.MeasuringEnds);
        for (var i = 0; i < _scenario.Failures.Length; i++)
        {
            _events.Plan(Seconds(_scenario.Failures[i].At), EventKind.Fails, i);
            _events.Plan(Seconds(_scenario.Failures[i].At + _scenario.Failures[i].For), EventKind.Returns, i);
        }

        // Front-ends start out of step.
        var spread = _scenario.Staleness.IsRealPace ? ExchangePace.Fastest.TotalSeconds : Seconds(_scenario.Staleness.Interval);
        for (var i = 0; _exchanges && !_scenario.Staleness.IsNone && i < _frontends.Length; i++)
            WakeAt(i, _chance.NextDouble() * spread);
    }

    private void Play()
    {
        while (true)
        {
            var next = _events.Next();
            _now = next.Time;
            switch (next.Kind)
            {
                case EventKind.Arrival: Arrive(); break;
                case EventKind.Departure: Depart(next.Subject, next.Detail); break;
                case EventKind.PatienceEnds: GiveUp(next.Subject, next.Detail); break;
                case EventKind.Wake: Wake(next.Subject, next.Detail); break;
                case EventKind.ReportArrives: Answer(next.Subject, (LoadReport)_mail.Take(next.Detail)); break;
                case EventKind.ReplyArrives: Accept(next.Subject, (LoadReply)_mail.Take(next.Detail)); break;
                case EventKind.Fails: Fail(_scenario.Failures[next.Subject]); break;
                case EventKind.Returns: Return(_scenario.Failures[next.Subject]); break;
                case EventKind.Judged: Judge(next.Subject); break;
                case EventKind.VerdictArrives: _frontends[next.Subject].Hear((PoolEligibility)_mail.Take(next.Detail)); break;
                case EventKind.MeasuringBegins: _meters.Start(_now); break;
                case EventKind.MeasuringEnds: _meters.Stop(_now); break;
                default: throw new InvalidOperationException($"Nothing is known of {next.Kind}.");
            }

            // Load goes on until the last request that counts has ended, so that each run counts the same requests.
            if (_meters.IsDone)
                return;
        }
    }

    private void Arrive()
    {
        var (frontend, work, key) = (Living(_workload.NextFrontend()), _workload.NextWork(), _workload.NextKey());
        if (frontend >= 0)
            Begin(frontend, work, key);
        _events.Plan(_workload.NextArrival(), EventKind.Arrival);
    }

    private void Begin(int index, double work, ulong key)
    {
        var frontend = _frontends[index];
        if (_exchanges && _scenario.Staleness.IsNone)
            Learn(frontend);
        var backend = frontend.Pick(_farm.InFlight, key, Now);
        _meters.Picked(index, backend, _now);
        if (_now > _outSince[backend] + LongestTravel)
            _meters.Misdirected();
        if (_farm.ConditionOf(backend) == BackendCondition.Failing)
            Refuse(frontend, backend);
        else
            Enter(frontend, index, backend, work);
        WakeIfMoved(index, backend);
    }

    private void Enter(SimulatedFrontend frontend, int index, int backend, double work)
    {
        var request = _requests.Add(new SimulatedRequest
        {
            Frontend = index,
            Life = frontend.Life,
            Backend = backend,
            Began = _now,
            Work = work,
            IsMeasured = _meters.IsOn,
            IsOpen = true,
        });
        _farm.Enter(request, _now);
        var inFlight = _farm.InFlight[backend];
        _meters.Moved(backend, inFlight - 1, inFlight, _now);
        if (_farm.ConditionOf(backend) == BackendCondition.Hanging)
            _requests.Plan(request, EventKind.PatienceEnds, _now + Seconds(_scenario.Health.Patience), _events);
    }

    private void Depart(int number, int plan)
    {
        if (_requests.IsCurrent(number, plan))
            End(number, RequestEnd.Answered);
    }

    private void End(int number, RequestEnd end)
    {
        var request = _requests[number];
        _farm.Leave(number, _now);
        _requests.Remove(number);
        var inFlight = _farm.InFlight[request.Backend];
        _meters.Moved(request.Backend, inFlight + 1, inFlight, _now);
        var frontend = _frontends[request.Frontend];
        var isKnown = frontend.IsAlive && frontend.Life == request.Life;
        if (request.IsMeasured)
            _meters.Ended(_now - request.Began, isKnown ? end : RequestEnd.Lost);
        if (!isKnown)
            return;
        var took = TimeSpan.FromSeconds(_now - request.Began);
        if (end == RequestEnd.Answered)
            frontend.End(request.Backend, took, Now);
        else
            frontend.Fail(request.Backend, took);
        WakeIfMoved(request.Frontend, request.Backend);
    }

    /// <summary>The front-end, or the next one that lives; -1 when none does.</summary>
    private int Living(int frontend)
    {
        for (var i = 0; i < _frontends.Length; i++)
        {
            var index = (frontend + i) % _frontends.Length;
            if (_frontends[index].IsAlive)
                return index;
        }

        return -1;
    }

    private void WakeAt(int index, double time) => _events.Plan(time, EventKind.Wake, index, ++_frontends[index].WakeUp);

    private void WakeIfMoved(int index, int backend)
    {
        if (_exchanges && _scenario.Staleness.IsRealPace && _frontends[index].WakesFor(backend))
            Look(index);
    }

    private void Wake(int index, int wakeUp)
    {
        if (_frontends[index].WakeUp != wakeUp)
            return;
        if (_scenario.Staleness.IsRealPace)
        {
            Look(index);
        }
        else
        {
            Send(index);
            WakeAt(index, _now + (Seconds(_scenario.Staleness.Interval) * Jitter()));
        }
    }

    /// <summary>What the product's exchange loop does whenever it wakes.</summary>
    private void Look(int index)
    {
        var due = _frontends[index].DueIn(Now);
        if (due == TimeSpan.Zero)
        {
            Send(index);
            due = _frontends[index].DueIn(Now);
        }

        WakeAt(index, _now + (due < Pause ? due.TotalSeconds * Jitter() : Pause.TotalSeconds));
    }

    // Front-ends that began together drift apart; the product's loop has the same jitter.
    private double Jitter() => 0.9 + (0.2 * _chance.NextDouble());

    private void Send(int index)
    {
        _meters.Reported();
        var report = _frontends[index].Report(Now);
        if (_scenario.DelaySeconds > 0)
            Travel(index, EventKind.ReportArrives, report);
        else if (!IsLost())
            Answer(index, report);
    }

    private void Answer(int index, LoadReport report)
    {
        if (_pool.Exchange(report, Now) is not { } reply)
            return;
        if (_scenario.DelaySeconds > 0)
            Travel(index, EventKind.ReplyArrives, reply);
        else if (!IsLost())
            _frontends[index].Accept(reply);
    }

    private void Accept(int index, LoadReply reply)
    {
        if (!_frontends[index].IsAlive)
            return;
        _frontends[index].Accept(reply);
        if (_scenario.Staleness.IsRealPace)
            Look(index);
    }

    private void Travel(int index, EventKind arrives, object message)
    {
        if (!IsLost())
            _events.Plan(_now + (_scenario.DelaySeconds * (0.5 + _chance.NextDouble())), arrives, index, _mail.Put(message));
    }

    private bool IsLost() => _scenario.Loss > 0 && _chance.NextDouble() < _scenario.Loss;

    /// <summary>Lets a front-end know everything.</summary>
    private void Learn(SimulatedFrontend learner)
    {
        foreach (var frontend in _frontends)
        {
            if (frontend.IsAlive && frontend.HasNews && frontend != learner)
                Exchange(frontend);
        }

        Exchange(learner);
    }

    private void Exchange(SimulatedFrontend frontend)
    {
        _meters.Reported();
        if (_pool.Exchange(frontend.Report(Now), Now) is { } reply)
            frontend.Accept(reply);
    }
}
