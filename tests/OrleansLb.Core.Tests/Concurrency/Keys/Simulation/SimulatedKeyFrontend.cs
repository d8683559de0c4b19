using OrleansLb.Core.Concurrency;
using OrleansLb.Core.Concurrency.Keys;
using OrleansLb.Core.RateLimiting;
using OrleansLb.Core.Tests.RateLimiting.Simulation;

namespace OrleansLb.Core.Tests.Concurrency.Keys.Simulation;

/// <summary>One life of one front-end: the shipped machine, wired as a front-end wires it.</summary>
internal sealed class SimulatedKeyFrontend
{
    private static readonly TimeSpan GiveUp = TimeSpan.FromMilliseconds(250);

    private readonly KeySlotSimulation _simulation;
    private readonly SimulatedClock _clock;
    private readonly KeySlotHolder _holder;
    private readonly Dictionary<RateLimitKey, KeySlots> _slots = [];
    private readonly HashSet<SimulatedKeyRequest> _running = [];
    private readonly Dictionary<RateLimitKey, int> _inFlight = [];
    private readonly Dictionary<RateLimitKey, int> _leased = [];
    private TimeSpan? _calledAt;
    private bool _isPumping;

    public SimulatedKeyFrontend(KeySlotSimulation simulation, int index, long incarnation, SimulatedClock clock)
    {
        (_simulation, Index, _clock) = (simulation, index, clock);
        Owner = new SlotOwner($"f{index:00}", incarnation);
        _holder = new KeySlotHolder(Owner.FrontendId, incarnation, simulation.Rule, () => simulation.At(simulation.Now, Pump))
        {
            ShareParts = simulation.Plan.Demand.Length,
        };
    }

    public int Index { get; }

    public SlotOwner Owner { get; }

    public bool IsDead { get; private set; }

    public bool IsIdle => _running.Count == 0 && _holder.Due(Now) is null;

    private TimeSpan Now => _clock.At(_simulation.Now);

    // One that was killed leaves requests behind, which count for as long as it could have let more in.
    private bool IsLeased => !_holder.IsAlone && !_holder.HasLapsed(Now);

    /// <summary>Slots of a key that it may come to use by its lease, or uses, what was let in without one left out.</summary>
    public int Entitled(RateLimitKey key)
    {
        if (!IsLeased)
            return 0;
        var running = _leased.GetValueOrDefault(key);
        return IsDead ? running : Math.Max(running, _slots.TryGetValue(key, out var slots) ? slots.Allowed : 0);
    }

    public int Running(RateLimitKey key) => _inFlight.GetValueOrDefault(key);

    public void Arrive(RateLimitKey key, int count)
    {
        if (IsDead)
            return;
        Settle();
        var request = new SimulatedKeyRequest(this, key, count, _simulation.Now);
        if (_holder.TryEnter(key, count, Now) is { } slots)
            Enter(request, slots);
        else
            _holder.Wait(request, Now);
        Pump();
    }

    /// <summary>What came of a request that had to wait.</summary>
    public void Ended(SimulatedKeyRequest request, KeySlotOutcome outcome)
    {
        if (outcome is KeySlotOutcome.Entered or KeySlotOutcome.EnteredAlone)
            Enter(request, request.Slots!);
        else
            _simulation.NotServed(outcome);
    }

    public void Kill() => IsDead = true;

    public KeySlotRecall Recall(long epoch)
    {
        Settle();
        return _holder.Recall(epoch, Now);
    }

    /// <summary>Reports if that is due, and looks again when it may be.</summary>
    public void Pump()
    {
        if (IsDead || _isPumping || (_calledAt is { } calledAt && _simulation.Now - calledAt < GiveUp))
            return;
        _isPumping = true;
        if (_calledAt is not null)
        {
            _calledAt = null;
            _holder.Abandon();
        }

        Settle();
        _holder.Lapse(Now);
        if (_holder.Due(Now) is { } due)
        {
            if (due.ReportAt <= Now)
                Report();
            else
                _simulation.At(_simulation.Now + Later(due.LookAt - Now, TimeSpan.FromTicks(1)), Pump);
        }

        _isPumping = false;
    }

    public void Receive(KeySlotAnswer? answer)
    {
        if (IsDead || _calledAt is null)
            return;
        Settle();
        if (answer is null || !_holder.TryAccept(answer, Now))
            return;
        _calledAt = null;
        Pump();
    }

    private void Report()
    {
        var report = _holder.Begin(Now);
        _calledAt = _simulation.Now;
        _simulation.SendToRange(this, report);
        _simulation.At(_simulation.Now + GiveUp, Pump);
    }

    private void Enter(SimulatedKeyRequest request, KeySlots slots)
    {
        _slots[request.Key] = slots;
        request.IsStray = _holder.IsAlone;
        _running.Add(request);
        Count(request, request.Count);
        _simulation.Entered(this, request, () => End(request, slots));
    }

    private void End(SimulatedKeyRequest request, KeySlots slots)
    {
        if (IsDead)
            return;
        Settle();
        _running.Remove(request);
        Count(request, -request.Count);
        slots.Leave(request.Count);
        Pump();
    }

    // A lease that ended is noticed by whoever comes next; what runs until then is without one.
    private void Settle()
    {
        if (_holder.HasLapsed(Now))
            _holder.Lapse(Now);
        if (!_holder.IsAlone)
            return;
        foreach (var request in _running)
            request.IsStray = true;
        _leased.Clear();
    }

    private void Count(SimulatedKeyRequest request, int change)
    {
        _inFlight[request.Key] = _inFlight.GetValueOrDefault(request.Key) + change;
        if (!request.IsStray)
            _leased[request.Key] = _leased.GetValueOrDefault(request.Key) + change;
    }

    private static TimeSpan Later(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
