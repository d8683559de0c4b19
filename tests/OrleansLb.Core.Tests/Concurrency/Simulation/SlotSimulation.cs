using OrleansLb.Core.Concurrency;
using OrleansLb.Core.Tests.RateLimiting.Simulation;

namespace OrleansLb.Core.Tests.Concurrency.Simulation;

/// <summary>
/// A pool's arbiter and its front-ends under a seeded schedule of lost, late, repeated and reordered messages, partitions of either
/// direction, killed front-ends and killed activations. After every event the limit is looked at.
/// </summary>
internal sealed class SlotSimulation
{
    private readonly PriorityQueue<Action, (TimeSpan At, long Order)> _events = new();
    private readonly SimulatedSlotFrontend[] _frontends;
    private readonly bool[] _deaf;
    private readonly bool[] _mute;
    private readonly double[] _demand;
    private readonly List<(TimeSpan Until, int Limit)> _former = [];
    private SlotArbiter? _arbiter;
    private SimulatedClock _poolClock;
    private TimeSpan _activatedAt;
    private TimeSpan _departureAt = TimeSpan.MinValue;
    private TimeSpan _lookedAt;
    private long _order;
    private long _epoch = 1;

    private SlotSimulation(SlotPlan plan)
    {
        (Plan, Limit) = (plan, plan.Limit);
        Random = new Random(plan.Seed);
        Keys = [.. Enumerable.Range(0, plan.Backends).Select(static backend => BackendKey.Of("app", $"b{backend}", 1))];
        _demand = [.. plan.Demand];
        _deaf = new bool[plan.Demand.Length];
        _mute = new bool[plan.Demand.Length];
        _poolClock = SimulatedClock.Random(Random, plan.ClockError);
        _arbiter = new SlotArbiter(_epoch, _poolClock.At(Now));
        _frontends = new SimulatedSlotFrontend[plan.Demand.Length];
        for (var index = 0; index < _frontends.Length; index++)
            StartFrontend(index, 1);
        Outcome = new SlotOutcome { Served = new long[_frontends.Length], LongestWait = new TimeSpan[_frontends.Length] };
    }

    public SlotPlan Plan { get; }

    public Random Random { get; }

    public BackendKey[] Keys { get; }

    /// <summary>Slots of each backend now, as the pool knows it.</summary>
    public int Limit { get; private set; }

    public TimeSpan Now { get; private set; }

    public SlotOutcome Outcome { get; }

    public static SlotOutcome Run(SlotPlan plan)
    {
        var simulation = new SlotSimulation(plan);
        simulation.Schedule();
        while (simulation.Outcome.Violation is null && simulation._events.TryDequeue(out var action, out var due) && due.At <= plan.Duration)
        {
            simulation.Measure(due.At);
            simulation.Now = due.At;
            simulation.Look();
            action();
            simulation.Look();
        }

        return simulation.Outcome;
    }

    public void At(TimeSpan time, Action action) => _events.Enqueue(action, (time, _order++));

    public void SendToPool(SimulatedSlotFrontend from, SlotReport report)
    {
        Outcome.Reports++;
        if (!_mute[from.Index])
            Send(() => Deliver(from, report));
    }

    public void Entered(SimulatedSlotFrontend frontend, SimulatedRequest request, int backend)
    {
        Outcome.Served[frontend.Index]++;
        if (!request.IsStray && _frontends.Sum(each => each.Leased(backend)) is var leased && leased > Most())
            Outcome.Violation ??= $"seed {Plan.Seed}, {Now}: let in as number {leased} of {Most()} at backend {backend}";
        var waited = Now - request.ArrivedAt;
        if (waited > Outcome.LongestWait[frontend.Index])
            Outcome.LongestWait[frontend.Index] = waited;
        At(Now + (Plan.ServiceTime * -Math.Log(1 - Random.NextDouble())), () => frontend.End(request, backend));
    }

    private void Deliver(SimulatedSlotFrontend from, SlotReport report)
    {
        if (_arbiter is not { } arbiter)
            return;
        var answer = arbiter.Handle(report, _ => Limit, _poolClock.At(Now));
        if (!_deaf[from.Index])
            Send(() => from.Receive(answer));
    }

    private void Send(Action delivery)
    {
        var copies = Random.NextDouble() < Plan.Duplication ? 2 : 1;
        for (var copy = 0; copy < copies; copy++)
        {
            if (Random.NextDouble() >= Plan.Loss)
                At(Now + Trip(), delivery);
        }
    }

    private TimeSpan Trip()
    {
        var trip = Plan.ShortestTrip + (Random.NextDouble() * (Plan.LongestTrip - Plan.ShortestTrip));
        return Random.NextDouble() < Plan.Reordering ? trip + (Random.NextDouble() * Plan.Late) : trip;
    }

    private void Schedule()
    {
        for (var index = 0; index < _frontends.Length; index++)
            Arrive(index);
        Watch();
        Repeat(Plan.FrontendKills, KillFrontend);
        Repeat(Plan.GrainKills, KillArbiter);
        Repeat(Plan.Partitions, Partition);
        if (Plan.DemandMoves > TimeSpan.Zero)
            At(Plan.DemandMoves, MoveDemand);
        if (Plan.LimitMoves > TimeSpan.Zero)
            At(Plan.LimitMoves, MoveLimit);
    }

    private void Repeat(int times, Action fault)
    {
        for (var time = 0; time < times; time++)
            At(Plan.Duration * Random.NextDouble(), fault);
    }

    // At the highest demand of all, thinned out, because demand may move at any time.
    private void Arrive(int index)
    {
        var most = Plan.Demand.Max();
        At(Now + TimeSpan.FromSeconds(-Math.Log(1 - Random.NextDouble()) / most), () =>
        {
            if (Random.NextDouble() * most < _demand[index])
                _frontends[index].Arrive();
            Arrive(index);
        });
    }

    private void MoveDemand()
    {
        var last = _demand[^1];
        Array.Copy(_demand, 0, _demand, 1, _demand.Length - 1);
        _demand[0] = last;
        At(Now + Plan.DemandMoves, MoveDemand);
    }

    private void MoveLimit()
    {
        _former.Add((Now, Limit));
        Limit = Random.Next(1, (2 * Plan.Limit) + 1);
        foreach (var frontend in _frontends)
        {
            var limit = Limit;
            At(Now + (Random.NextDouble() * Plan.LongestHearing), () => frontend.Hear(limit));
        }

        At(Now + Plan.LimitMoves, MoveLimit);
    }

    // What may have been handed out by an older limit, and not been given back yet.
    private int Most() => _former.Where(each => each.Until > Now - Plan.Memory).Select(static each => each.Limit).Append(Limit).Max();

    // What the grain does several times a second: it ends leases, and looks who is registered.
    private void Watch() => At(Now + TimeSpan.FromMilliseconds(200), () =>
    {
        var registered = _frontends.Where((frontend, index) => !frontend.IsDead && !_mute[index] && !_deaf[index]).Select(static frontend => frontend.Owner).ToArray();
        var isEverybody = _departureAt < _activatedAt - (SlotLease.Ttl * 1.01) && registered.Length == _frontends.Length;
        _arbiter?.Observe(registered, isEverybody, _poolClock.At(Now));
        Watch();
    });

    private void KillFrontend()
    {
        var index = Random.Next(_frontends.Length);
        _frontends[index].Kill();
        _departureAt = Now;
        At(Now + (Random.NextDouble() * TimeSpan.FromSeconds(2)), () => StartFrontend(index, _order));
    }

    private void StartFrontend(int index, long incarnation)
    {
        if (_frontends[index] is { IsDead: false })
            return;
        _frontends[index] = new SimulatedSlotFrontend(this, index, incarnation, SimulatedClock.Random(Random, Plan.ClockError));
        At(Now, _frontends[index].Pump);
    }

    private void KillArbiter()
    {
        if (_arbiter is null)
            return;
        _arbiter = null;
        At(Now + (Random.NextDouble() * Plan.LongestRestart), StartArbiter);
    }

    private void StartArbiter()
    {
        _poolClock = SimulatedClock.Random(Random, Plan.ClockError);
        _activatedAt = Now;
        _arbiter = new SlotArbiter(++_epoch, _poolClock.At(Now));
    }

    private void Partition()
    {
        var index = Random.Next(_frontends.Length);
        var kind = Random.Next(3);
        _mute[index] |= kind != 0;
        _deaf[index] |= kind != 1;
        _departureAt = Now;
        At(Now + (Random.NextDouble() * Plan.LongestPartition), () =>
        {
            (_mute[index], _deaf[index]) = (false, false);
            _departureAt = Now;
        });
    }

    private void Measure(TimeSpan until)
    {
        for (var backend = 0; backend < Keys.Length; backend++)
        {
            var running = _frontends.Sum(frontend => frontend.Running(backend));
            Outcome.LimitSeconds += Limit * (until - _lookedAt).TotalSeconds;
            Outcome.SlotSeconds += running * (until - _lookedAt).TotalSeconds;
            Outcome.Most = Math.Max(Outcome.Most, running);
        }

        _lookedAt = until;
    }

    private void Look()
    {
        for (var backend = 0; backend < Keys.Length && Outcome.Violation is null; backend++)
        {
            var entitled = 0;
            foreach (var frontend in _frontends)
                entitled += frontend.Entitled(backend);
            // Of a limit that was lowered requests may be left, which are as long as they like.
            if (Plan.LimitMoves == TimeSpan.Zero && entitled > Plan.Limit)
                Outcome.Violation = $"seed {Plan.Seed}, {Now}: {entitled} slots of {Plan.Limit} at backend {backend}";
        }
    }
}
