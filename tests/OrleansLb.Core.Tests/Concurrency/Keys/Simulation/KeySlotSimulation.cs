using OrleansLb.Core.Concurrency.Keys;
using OrleansLb.Core.RateLimiting;
using OrleansLb.Core.Snapshots;
using OrleansLb.Core.Tests.RateLimiting.Simulation;

namespace OrleansLb.Core.Tests.Concurrency.Keys.Simulation;

/// <summary>
/// A range's arbiter and its front-ends under a seeded schedule of lost, late, repeated and reordered messages, partitions of either
/// direction, killed front-ends and killed activations. After every event the limit is looked at, and in the end that nothing is left.
/// </summary>
internal sealed class KeySlotSimulation
{
    private readonly PriorityQueue<Action, (TimeSpan At, long Order)> _events = new();
    private readonly SimulatedKeyFrontend[] _frontends;
    private readonly List<SimulatedKeyFrontend> _killed = [];
    private readonly bool[] _deaf;
    private readonly bool[] _mute;
    private KeySlotArbiter? _arbiter;
    private SimulatedClock _rangeClock;
    private TimeSpan _departureAt = TimeSpan.MinValue;
    private TimeSpan _lookedAt;
    private long _order;
    private long _epoch = 1;

    private KeySlotSimulation(KeySlotPlan plan)
    {
        Plan = plan;
        Rule = new LimitRule
        {
            Algorithm = RateLimitAlgorithm.Concurrency,
            Mode = plan.Mode,
            WhenUnreachable = plan.WhenUnreachable,
            PermitLimit = plan.Limit,
            QueueLimit = plan.QueueLimit,
            QueueTimeout = TimeSpan.FromSeconds(10),
        };
        Random = new Random(plan.Seed);
        Keys = [.. Enumerable.Range(0, plan.Keys).Select(static key => RateLimitKey.Of($"k{key}"))];
        _deaf = new bool[plan.Demand.Length];
        _mute = new bool[plan.Demand.Length];
        _rangeClock = SimulatedClock.Random(Random, plan.ClockError);
        _arbiter = new KeySlotArbiter(Rule, _epoch, 1000, [], isEverybody: true, _rangeClock.At(Now));
        _frontends = new SimulatedKeyFrontend[plan.Demand.Length];
        for (var index = 0; index < _frontends.Length; index++)
            StartFrontend(index, 1);
        Outcome = new KeySlotOutcomes { Served = new long[_frontends.Length] };
    }

    public KeySlotPlan Plan { get; }

    public LimitRule Rule { get; }

    public Random Random { get; }

    public RateLimitKey[] Keys { get; }

    public TimeSpan Now { get; private set; }

    public KeySlotOutcomes Outcome { get; }

    private bool IsOver => Now >= Plan.Duration;

    public static KeySlotOutcomes Run(KeySlotPlan plan)
    {
        var simulation = new KeySlotSimulation(plan);
        simulation.Schedule();
        var end = plan.Duration + plan.Aftermath;
        while (simulation.Outcome.Violation is null && simulation._events.TryDequeue(out var action, out var due) && due.At <= end)
        {
            simulation.Measure(due.At);
            simulation.Now = due.At;
            simulation.Look();
            action();
            simulation.Look();
        }

        simulation.Now = end;
        simulation.LookForLeaks();
        return simulation.Outcome;
    }

    public void At(TimeSpan time, Action action) => _events.Enqueue(action, (time, _order++));

    public void SendToRange(SimulatedKeyFrontend from, KeySlotReport report)
    {
        Outcome.Reports++;
        if (!_mute[from.Index])
            Send(() => Deliver(from, report));
    }

    public void NotServed(KeySlotOutcome outcome)
    {
        if (outcome == KeySlotOutcome.Unavailable)
            Outcome.Undecided++;
        else
            Outcome.Refused++;
    }

    public void Entered(SimulatedKeyFrontend frontend, SimulatedKeyRequest request, Action end)
    {
        Outcome.Served[frontend.Index]++;
        var waited = Now - request.CameAt;
        Outcome.LongestWait = waited > Outcome.LongestWait ? waited : Outcome.LongestWait;
        var service = Plan.ServiceTime * Math.Min(8, -Math.Log(1 - Random.NextDouble()));
        At(Now + service, end);
    }

    private void Deliver(SimulatedKeyFrontend from, KeySlotReport report)
    {
        if (_arbiter is not { } arbiter)
            return;
        var answer = arbiter.Handle(report, _rangeClock.At(Now));
        if (!_deaf[from.Index])
            Send(() => from.Receive(answer));
    }

    private void Send(Action delivery)
    {
        // Once the faults are over, what is still to be told is told.
        var copies = !IsOver && Random.NextDouble() < Plan.Duplication ? 2 : 1;
        for (var copy = 0; copy < copies; copy++)
        {
            if (IsOver || Random.NextDouble() >= Plan.Loss)
                At(Now + Trip(), delivery);
        }
    }

    private TimeSpan Trip()
    {
        var trip = Plan.ShortestTrip + (Random.NextDouble() * (Plan.LongestTrip - Plan.ShortestTrip));
        return !IsOver && Random.NextDouble() < Plan.Reordering ? trip + (Random.NextDouble() * Plan.Late) : trip;
    }

    private void Schedule()
    {
        for (var index = 0; index < _frontends.Length; index++)
            Arrive(index);
        Tick();
        Repeat(Plan.FrontendKills, KillFrontend);
        Repeat(Plan.GrainKills, KillArbiter);
        Repeat(Plan.Partitions, Partition);
    }

    private void Repeat(int times, Action fault)
    {
        for (var time = 0; time < times; time++)
            At(Plan.Duration * Random.NextDouble(), fault);
    }

    private void Arrive(int index)
    {
        if (Plan.Demand[index] > 0)
            At(Now + TimeSpan.FromSeconds(-Math.Log(1 - Random.NextDouble()) / Plan.Demand[index]), () =>
            {
                if (IsOver)
                    return;
                _frontends[index].Arrive(Keys[Random.Next(Keys.Length)], Random.Next(1, Plan.LargestCount + 1));
                Arrive(index);
            });
    }

    // What the grain does by itself.
    private void Tick() => At(Now + TimeSpan.FromMilliseconds(500), () =>
    {
        _arbiter?.Observe(_frontends.Length);
        _arbiter?.Expire(_rangeClock.At(Now));
        Tick();
    });

    private void KillFrontend()
    {
        var index = Random.Next(_frontends.Length);
        if (_frontends[index].IsDead)
            return;
        _frontends[index].Kill();
        _killed.Add(_frontends[index]);
        _departureAt = Now;
        At(Now + (Random.NextDouble() * TimeSpan.FromSeconds(2)), () => StartFrontend(index, _order));
    }

    private void StartFrontend(int index, long incarnation)
    {
        _frontends[index] = new SimulatedKeyFrontend(this, index, incarnation, SimulatedClock.Random(Random, Plan.ClockError));
        At(Now, _frontends[index].Pump);
    }

    private void KillArbiter()
    {
        if (_arbiter is null)
            return;
        _arbiter = null;
        At(Now + (Random.NextDouble() * Plan.LongestRestart), StartArbiter);
    }

    // The new activation asks everybody who is registered, up to three times, and goes on with what it heard.
    private void StartArbiter()
    {
        _rangeClock = SimulatedClock.Random(Random, Plan.ClockError);
        var epoch = _epoch += 10;
        var recalls = new Dictionary<SimulatedKeyFrontend, KeySlotRecall>();
        var asked = _frontends.Where((frontend, index) => !frontend.IsDead && !_mute[index] && !_deaf[index]).ToArray();
        for (var attempt = 0; attempt < 3; attempt++)
        {
            At(Now + (attempt * TimeSpan.FromMilliseconds(250)), () =>
            {
                foreach (var frontend in asked)
                    Ask(frontend, epoch, recalls);
            });
        }

        At(Now + TimeSpan.FromMilliseconds(Random.Next(2) == 0 ? 3 : 750), () =>
        {
            var isEverybody = _departureAt < Now - (Rule.Horizon * 1.01) && recalls.Count == _frontends.Length;
            _arbiter = new KeySlotArbiter(Rule, epoch, 1000, [.. recalls.Values], isEverybody, _rangeClock.At(Now));
        });
    }

    private void Ask(SimulatedKeyFrontend frontend, long epoch, Dictionary<SimulatedKeyFrontend, KeySlotRecall> recalls) => Send(() =>
    {
        if (frontend.IsDead)
            return;
        var recall = frontend.Recall(epoch);
        Send(() => recalls.TryAdd(frontend, recall));
    });

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
        foreach (var key in Keys)
        {
            var running = 0;
            foreach (var frontend in _frontends)
                running += frontend.Running(key);
            if (!IsOver)
                Outcome.SlotSeconds += running * (until - _lookedAt).TotalSeconds;
            Outcome.Most = Math.Max(Outcome.Most, running);
        }

        _lookedAt = until;
    }

    private void Look()
    {
        foreach (var key in Keys)
        {
            var entitled = 0;
            foreach (var frontend in _frontends)
                entitled += frontend.IsDead ? 0 : frontend.Entitled(key);
            foreach (var frontend in _killed)
                entitled += frontend.Entitled(key);
            if (entitled > Plan.Limit)
                Outcome.Violation ??= $"seed {Plan.Seed}, {Now}: {entitled} slots of {Plan.Limit}";
        }
    }

    private void LookForLeaks()
    {
        if (Outcome.Violation is not null)
            return;
        if (_arbiter is null or { KeyCount: > 0 })
            Outcome.Violation = $"seed {Plan.Seed}: {_arbiter?.KeyCount} keys are left at the range";
        foreach (var frontend in _frontends.Where(static frontend => !frontend.IsDead && !frontend.IsIdle))
            Outcome.Violation = $"seed {Plan.Seed}: something is left at {frontend.Owner}";
    }
}
