using OrleansLb.Core.Concurrency;
using OrleansLb.Core.Tests.RateLimiting.Simulation;

namespace OrleansLb.Core.Tests.Concurrency.Simulation;

/// <summary>One life of one front-end: the shipped machines, wired as a front-end wires them.</summary>
internal sealed class SimulatedSlotFrontend
{
    private static readonly TimeSpan GiveUp = TimeSpan.FromMilliseconds(250);

    private readonly SlotSimulation _simulation;
    private readonly SimulatedClock _clock;
    private readonly SlotHolder _holder;
    private readonly SlotGate[] _gates;
    private readonly Queue<SimulatedRequest> _waiting = new();
    private readonly List<SimulatedRequest>[] _running;
    private readonly int[] _unserved;
    private TimeSpan? _calledAt;

    public SimulatedSlotFrontend(SlotSimulation simulation, int index, long incarnation, SimulatedClock clock)
    {
        (_simulation, Index, _clock) = (simulation, index, clock);
        Owner = new SlotOwner($"f{index:00}", incarnation);
        _holder = new SlotHolder(Owner.FrontendId, incarnation, Now);
        _gates = [.. simulation.Keys.Select(static _ => new SlotGate())];
        _running = [.. simulation.Keys.Select(static _ => new List<SimulatedRequest>())];
        _unserved = new int[simulation.Keys.Length];
        Hear(simulation.Limit);
    }

    public int Index { get; }

    public SlotOwner Owner { get; }

    public bool IsDead { get; private set; }

    /// <summary>Whether it may let requests in by a lease.</summary>
    public bool IsLeased => !IsDead && !_holder.IsAlone && !_holder.HasLapsed(Now);

    private TimeSpan Now => _clock.At(_simulation.Now);

    /// <summary>Requests that it may come to have at a backend by its leases, those that were let in without one left out.</summary>
    public int Entitled(int backend) => IsLeased ? Math.Max(_gates[backend].Allowed, _running[backend].Count(static request => !request.IsStray)) : 0;

    public int Running(int backend) => _running[backend].Count;

    /// <summary>Requests that it let in by its leases.</summary>
    public int Leased(int backend) => IsLeased ? _running[backend].Count(static request => !request.IsStray) : 0;

    /// <summary>It is told a limit, before or after the pool is.</summary>
    public void Hear(int limit)
    {
        if (IsDead)
            return;
        Settle();
        _holder.Configure(_simulation.Plan.WhenUnreachable, [.. _simulation.Keys.Zip(_gates, (key, gate) => new SlotPlace(key, gate, limit))], Now);
    }

    public void Arrive()
    {
        if (IsDead)
            return;
        Settle();
        if (_waiting.Count < _simulation.Plan.QueueLimit)
            _waiting.Enqueue(new SimulatedRequest(_simulation.Now));
        Admit();
        Pump();
    }

    public void Kill()
    {
        IsDead = true;
        foreach (var running in _running)
            running.Clear();
    }

    /// <summary>Reports if that is due, and looks again when it may be.</summary>
    public void Pump()
    {
        if (IsDead || (_calledAt is { } calledAt && _simulation.Now - calledAt < GiveUp))
            return;
        if (_calledAt is not null)
        {
            _calledAt = null;
            _holder.Abandon();
        }

        Settle();
        Admit();
        var due = _holder.SentAt + SlotPace.Interval(_holder.News, _holder.Activity(), _waiting.Count) - Now;
        if (due > TimeSpan.Zero)
        {
            _simulation.At(_simulation.Now + due, Pump);
            return;
        }

        Report();
    }

    public void Receive(SlotAnswer? answer)
    {
        if (IsDead || _calledAt is null)
            return;
        Settle();
        if (answer is null || !_holder.TryAccept(answer, Now))
            return;
        _calledAt = null;
        Admit();
        Pump();
    }

    private void Report()
    {
        for (var i = 0; i < _unserved.Length; i++)
            _unserved[i] = (_waiting.Count + _unserved.Length - 1) / _unserved.Length;
        var report = _holder.Begin(_unserved, isLeaving: false, Now);
        _calledAt = _simulation.Now;
        _simulation.SendToPool(this, report);
        _simulation.At(_simulation.Now + GiveUp, Pump);
    }

    private void Admit()
    {
        while (_waiting.TryPeek(out var request) && TryEnter(request))
            _waiting.Dequeue();
    }

    private bool TryEnter(SimulatedRequest request)
    {
        var first = _simulation.Random.Next(_gates.Length);
        for (var i = 0; i < _gates.Length; i++)
        {
            var backend = (first + i) % _gates.Length;
            if (!_gates[backend].TryEnter(out var runsLow))
                continue;
            if (runsLow)
                _holder.RunsLow();
            request.IsStray = _holder.IsAlone;
            _running[backend].Add(request);
            _simulation.Entered(this, request, backend);
            return true;
        }

        return false;
    }

    public void End(SimulatedRequest request, int backend)
    {
        if (IsDead)
            return;
        Settle();
        _running[backend].Remove(request);
        _gates[backend].Leave();
        Admit();
        Pump();
    }

    // A lease that ended is noticed by whoever comes next; what runs until then is without one.
    private void Settle()
    {
        if (_holder.HasLapsed(Now))
            _holder.Lapse(Now);
        if (!_holder.IsAlone)
            return;
        foreach (var request in _running.SelectMany(static running => running))
            request.IsStray = true;
    }
}
