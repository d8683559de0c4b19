using System.Collections.Immutable;
using OrleansLb.Core.Balancing.Exchange;

namespace OrleansLb.Core.Tests.Balancing.Simulation;

/// <summary>
/// Discrete events around the shipped machines: front-ends pick, backends serve, reports and replies travel and get lost.
/// The same seed gives the same run.
/// </summary>
internal sealed class ClusterSimulation
{
    private readonly Scenario _scenario;
    private readonly Random _random;
    private readonly PriorityQueue<Action, double> _events = new();
    private readonly SimulatedFrontend[] _frontends;
    private readonly BackendQueue[] _backends;
    private readonly PoolLoadMachine _pool;
    private readonly InFlightMeter _meter;
    private readonly List<double> _times = [];
    private double _now;
    private long _reports;

    private ClusterSimulation(Scenario scenario, IPickRule rule)
    {
        _scenario = scenario;
        _random = new Random(scenario.Seed);
        _pool = new PoolLoadMachine("silo", TimeSpan.Zero);
        var keys = Enumerable.Range(0, scenario.Backends.Length).Select(static i => BackendKey.Of("pool", $"b{i}", 1)).ToImmutableArray();
        _backends = [.. scenario.Backends.Select(static settings => new BackendQueue(settings))];
        _frontends = [.. Enumerable.Range(0, scenario.Frontends).Select(i => new SimulatedFrontend(i, scenario, keys, rule))];
        _meter = new InFlightMeter([.. scenario.Backends.Select(static backend => backend.Weight)], scenario.WarmupSeconds);
    }

    public static Outcome Run(Scenario scenario, IPickRule rule)
    {
        var simulation = new ClusterSimulation(scenario, rule);
        simulation.Start();
        simulation.Play();
        return simulation.Summarize();
    }

    private TimeSpan Now => TimeSpan.FromSeconds(_now);

    private void Start()
    {
        if (_scenario.Clients > 0)
        {
            for (var client = 0; client < _scenario.Clients; client++)
                At(_random.NextDouble() * _scenario.ServiceTime, Arrive);
        }
        else
        {
            At(NextArrival(), ArriveAndGoOn);
        }

        for (var i = 0; i < _frontends.Length; i++)
        {
            var index = i;
            At(_random.NextDouble() * 0.005, () => Tick(index));
        }
    }

    private void Play()
    {
        while (_events.TryDequeue(out var happen, out var at) && at < _scenario.Seconds)
        {
            _now = at;
            happen();
        }
    }

    private Outcome Summarize()
    {
        _times.Sort();
        return new Outcome(
            _times.Average(),
            _times[(int)(_times.Count * 0.99)],
            _meter.MaxOverMean,
            _meter.MaxMeanOverMean,
            _meter.InFlight,
            _reports / _scenario.Seconds);
    }

    private void At(double time, Action happen) => _events.Enqueue(happen, time);

    private double NextArrival()
    {
        var bursting = _scenario.BurstEvery > 0 && _now % _scenario.BurstEvery < _scenario.BurstEvery / 10;
        return _now + (Scenario.Exponential(_random) / (_scenario.ArrivalRate * (bursting ? 3 : 1)));
    }

    private void ArriveAndGoOn()
    {
        Arrive();
        At(NextArrival(), ArriveAndGoOn);
    }

    private void Arrive()
    {
        var frontend = _random.Next(_frontends.Length);
        var backend = _frontends[frontend].Begin(Now);
        var request = new SimulatedRequest(frontend, backend, _now);
        var work = _scenario.ServiceTime * _scenario.Service(_random);
        if (_backends[backend].Enter(request, work, _now) is { } endsAt)
            At(endsAt, () => End(request));
        _meter.Moved(backend, _backends[backend].InFlight, _now);
        SendIfDue(frontend);
    }

    private void End(SimulatedRequest request)
    {
        if (_backends[request.Backend].Leave(_now) is var (next, endsAt))
            At(endsAt, () => End(next));
        _meter.Moved(request.Backend, _backends[request.Backend].InFlight, _now);
        _frontends[request.Frontend].End(request.Backend, TimeSpan.FromSeconds(_now - request.Began));
        if (_now > _scenario.WarmupSeconds)
            _times.Add(_now - request.Began);
        if (_scenario.Clients > 0)
            Arrive();
        SendIfDue(request.Frontend);
    }

    private void Tick(int frontend)
    {
        SendIfDue(frontend);
        var jitter = 0.9 + (0.2 * _random.NextDouble());
        At(_now + (ExchangePace.Fastest.TotalSeconds / 5 * jitter), () => Tick(frontend));
    }

    private void SendIfDue(int frontend)
    {
        if (!_frontends[frontend].IsDue(Now))
            return;
        _reports++;
        var report = _frontends[frontend].Report(Now);
        Travel(() => Answer(frontend, report));
    }

    private void Answer(int frontend, LoadReport report)
    {
        var reply = _pool.Exchange(report, Now);
        Travel(() => _frontends[frontend].Machine.Accept(reply));
    }

    private void Travel(Action arrive)
    {
        if (_scenario.Loss == 0 || _random.NextDouble() >= _scenario.Loss)
            At(_now + (_scenario.Delay * (0.5 + _random.NextDouble())), arrive);
    }
}
