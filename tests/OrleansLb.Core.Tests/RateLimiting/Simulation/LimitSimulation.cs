using OrleansLb.Core.RateLimiting;

namespace OrleansLb.Core.Tests.RateLimiting.Simulation;

/// <summary>
/// One range and its front-ends under a seeded schedule of lost, late, repeated and reordered messages, partitions of either
/// direction, killed front-ends and killed activations. One key, because keys do not interact.
/// </summary>
internal sealed class LimitSimulation
{
    public static readonly RateLimitKey Key = RateLimitKey.Of("key");

    private readonly PriorityQueue<Action, (TimeSpan At, long Order)> _events = new();
    private readonly Random _random;
    private readonly SimulatedFrontend[] _frontends;
    private readonly bool[] _deafToRange;
    private readonly bool[] _mute;
    private RateLimitRange? _range;
    private SimulatedClock _rangeClock;
    private TimeSpan _lostAt = TimeSpan.MinValue;
    private long _order;
    private int _activation;

    public LimitSimulation(SimulationPlan plan)
    {
        Plan = plan;
        _random = new Random(plan.Seed);
        _deafToRange = new bool[plan.Demand.Length];
        _mute = new bool[plan.Demand.Length];
        _rangeClock = SimulatedClock.Random(_random, plan.ClockError);
        _range = new RateLimitRange(plan.Rule, 1, 100, RestoreOutcome.NeverUsed, _rangeClock.At(Now));
        _frontends = new SimulatedFrontend[plan.Demand.Length];
        for (var index = 0; index < _frontends.Length; index++)
            StartFrontend(index, 1);
        Observe();
    }

    public SimulationPlan Plan { get; }

    public TimeSpan Now { get; private set; }

    public AdmissionHistory History { get; } = new();

    public static AdmissionHistory Run(SimulationPlan plan)
    {
        var simulation = new LimitSimulation(plan);
        simulation.Schedule();
        while (simulation._events.TryDequeue(out var action, out var due) && due.At <= plan.Duration)
        {
            simulation.Now = due.At;
            action();
        }

        return simulation.History;
    }

    public void Admitted(int cost, TimeSpan wait = default) => History.Add(new Admission(Now + wait, cost, _activation, TimeSpan.Zero, default));

    public bool Chance(double part) => part > 0 && _random.NextDouble() < part;

    /// <summary>Lets somebody else decide about what was admitted, some time later.</summary>
    public void Later(Action action) => At(Now + (_random.NextDouble() * _random.NextDouble() * Plan.LongestHold), action);

    public void SendToRange(SimulatedFrontend from, RangeRequest request)
    {
        var index = Array.IndexOf(_frontends, from);
        if (index < 0 || _mute[index])
            return;
        Send(() => Deliver(from, request));
    }

    private void Deliver(SimulatedFrontend from, RangeRequest request)
    {
        if (_range is not { } range)
            return;
        var (decidedAt, activation, clock) = (Now, _activation, _rangeClock);
        var reply = range.Handle(request, clock.At(decidedAt));
        var index = Array.IndexOf(_frontends, from);
        if (index >= 0 && !_deafToRange[index])
            Send(() => from.Receive(reply, decidedAt, activation, clock));
    }

    private void Send(Action delivery)
    {
        var copies = _random.NextDouble() < Plan.Duplication ? 2 : 1;
        for (var copy = 0; copy < copies; copy++)
        {
            if (_random.NextDouble() >= Plan.Loss)
                At(Now + Trip(), delivery);
        }
    }

    private TimeSpan Trip()
    {
        var trip = Plan.ShortestTrip + (_random.NextDouble() * (Plan.LongestTrip - Plan.ShortestTrip));
        return _random.NextDouble() < Plan.Reordering ? trip + (_random.NextDouble() * Plan.Late) : trip;
    }

    private void Schedule()
    {
        for (var index = 0; index < _frontends.Length; index++)
        {
            Arrive(index);
            Poll(index);
        }

        TickRange();
        Repeat(Plan.FrontendKills, KillFrontend);
        Repeat(Plan.GrainKills, KillRange);
        Repeat(Plan.Partitions, Partition);
    }

    private void Repeat(int times, Action fault)
    {
        for (var time = 0; time < times; time++)
            At(Plan.Duration * _random.NextDouble(), fault);
    }

    // Surges of all and silences of each, because steady arrivals never find a full bucket.
    private void Arrive(int index)
    {
        var gap = -Math.Log(1 - _random.NextDouble()) / (Plan.Demand[index] * Surge());
        if (_random.NextDouble() < Plan.PausesPerSecond * gap)
            gap += 2 * _random.NextDouble();
        At(Now + TimeSpan.FromSeconds(gap), () =>
        {
            _frontends[index].Arrive(_random.Next(1, Plan.LargestCost + 1));
            Arrive(index);
        });
    }

    private double Surge()
    {
        if (Plan.SurgePeriod == TimeSpan.Zero)
            return 1;
        return Now.Ticks % Plan.SurgePeriod.Ticks < Plan.SurgePeriod.Ticks / 5 ? 4 : 0.25;
    }

    private void Poll(int index) => At(Now + TimeSpan.FromMilliseconds(50), () =>
    {
        _frontends[index].Pump();
        Poll(index);
    });

    private void TickRange() => At(Now + TimeSpan.FromMilliseconds(100), () =>
    {
        if (_range is { } range)
        {
            range.Tick(_rangeClock.At(Now));
        }

        TickRange();
    });

    private void KillFrontend()
    {
        var index = _random.Next(_frontends.Length);
        _frontends[index].IsDead = true;
        _lostAt = Now;
        At(Now + (_random.NextDouble() * TimeSpan.FromSeconds(2)), () => StartFrontend(index, _order));
    }

    private void StartFrontend(int index, long incarnation)
    {
        if (_frontends[index] is { IsDead: false })
            return;
        _frontends[index] = new SimulatedFrontend(this, $"f{index}", incarnation, SimulatedClock.Random(_random, Plan.ClockError), _frontends[index]);
    }

    private void KillRange()
    {
        if (_range is not { } killed)
            return;
        _range = null;
        At(Now + (_random.NextDouble() * Plan.LongestRestart), () => StartRange(killed.Epoch + 1));
    }

    private void StartRange(long epoch)
    {
        _activation++;
        _rangeClock = SimulatedClock.Random(_random, Plan.ClockError);
        var answering = _frontends.Where((frontend, index) => !frontend.IsDead && !_mute[index] && !_deafToRange[index] && _random.NextDouble() >= Plan.Loss).ToArray();
        var nothingLost = _lostAt == TimeSpan.MinValue || Now - _lostAt > Plan.Rule.Horizon * 1.01;
        var outcome = RestoreOutcome.Of(
            nothingLost && answering.Length == _frontends.Length,
            [.. answering.Select(frontend => frontend.Restore(epoch))]);
        _range = new RateLimitRange(Plan.Rule, epoch, 100, outcome, _rangeClock.At(Now));
        Observe();
    }

    private void Observe() => _range!.Observe(
        [.. _frontends.Select(frontend => new FrontendPresence(frontend.Id, Now - frontend.ReceivedSentAt, _frontends.Length))],
        _rangeClock.At(Now));

    private void Partition()
    {
        var index = _random.Next(_frontends.Length);
        var kind = _random.Next(3);
        _mute[index] |= kind != 0;
        _deafToRange[index] |= kind != 1;
        At(Now + (_random.NextDouble() * Plan.LongestPartition), () => (_mute[index], _deafToRange[index]) = (false, false));
    }

    private void At(TimeSpan time, Action action) => _events.Enqueue(action, (time, _order++));
}
