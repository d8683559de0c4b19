using OrleansLb.Core.RateLimiting;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Core.Tests.RateLimiting.Simulation;

/// <summary>
/// One front-end: the shipped machines, wired as a front-end wires them. One that replaces another has the share that the other was told,
/// from the disk, and what the registry knows of the other.
/// </summary>
internal sealed class SimulatedFrontend(LimitSimulation simulation, string id, long incarnation, SimulatedClock clock, SimulatedFrontend? before)
{
    private static readonly TimeSpan GiveUp = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan KeepAlive = TimeSpan.FromMilliseconds(400);

    private readonly RangeChannel _channel = new(id, incarnation, simulation.Plan.Rule, 1000);
    private readonly LeaseHolder _holder = new(simulation.Plan.Rule, LimitSimulation.Key);
    private readonly List<(int Cost, bool IsHeld)> _waiting = [];
    private readonly List<ChargeSettlement> _settlements = [];
    private RangeRequest? _sent;
    private TimeSpan _sentAt;
    private readonly TimeSpan _startedAt = clock.At(simulation.Now);
    private TimeSpan? _heardAt;
    private LocalShare? _share;
    private GrantedWindow? _window;
    private readonly Dictionary<TimeSpan, TimeSpan> _turns = [];

    public string Id => id;

    public bool IsDead { get; set; }

    /// <summary>True time at which the newest reply that the range knows to be received was sent.</summary>
    public TimeSpan ReceivedSentAt { get; private set; } = before?.ReceivedSentAt ?? simulation.Now;

    private int Parts => _channel.ShareParts > 0 ? _channel.ShareParts : before?.Parts ?? 0;

    public void Arrive(int cost)
    {
        var now = clock.At(simulation.Now);
        var isHeld = simulation.Chance(simulation.Plan.Held);
        var state = Reachability.Of(simulation.Plan.Rule, now - (_heardAt ?? _startedAt), Parts > 0 ? TimeSpan.Zero : null);
        if (state == ReachabilityState.OnItsOwn && simulation.Plan.Rule.WhenUnreachable == WhenUnreachable.Share)
            AdmitFromShare(now, cost, isHeld);
        else if (!TryAdmitByLease(now, cost, isHeld) && _waiting.Count < 50)
            _waiting.Add((cost, isHeld));
        Pump();
    }

    public void Pump()
    {
        if (IsDead || (_sent is not null && simulation.Now - _sentAt < GiveUp))
            return;
        var now = clock.At(simulation.Now);
        var renewal = simulation.Plan.Rule.LeaseCap > 0 && _holder.NeedsRenewal(now) ? _holder.Renew(now, _channel.RoundTrip) : null;
        if (renewal is null && _waiting.Count == 0 && _settlements.Count == 0 && simulation.Now - _sentAt < KeepAlive)
            return;
        AcquireEntry[] acquires = [.. _waiting.Select(static waiting => new AcquireEntry(LimitSimulation.Key, waiting.Cost) { MayBeGivenBack = waiting.IsHeld })];
        var request = _channel.Begin(acquires, renewal is { } due ? [due] : [], [.. _settlements], now);
        _sent = request;
        _sentAt = simulation.Now;
        _waiting.Clear();
        _settlements.Clear();
        simulation.SendToRange(this, request);
    }

    public void Receive(RangeReply reply, TimeSpan decidedAt, int activation, SimulatedClock range)
    {
        var now = clock.At(simulation.Now);
        var acquires = _sent?.Acquires ?? [];
        var sentAt = _channel.SentAt;
        if (IsDead || !_channel.TryAccept(reply, now))
            return;
        _sent = null;
        _heardAt = now;
        _share = null;
        ReceivedSentAt = decidedAt;
        for (var index = 0; index < reply.Decisions.Length; index++)
        {
            if (reply.Decisions[index].IsAdmitted)
                Admitted(acquires[index], reply.Decisions[index], reply.Epoch, new Admission(LeavesAt(decidedAt, reply.Decisions[index], range), acquires[index].Cost, activation, reply.Decisions[index].Witness.Elapsed, range));
        }

        foreach (var grant in reply.Grants)
        {
            _holder.Apply(grant, reply.Epoch, sentAt, now);
            if (grant.Amount > 0)
                _window = new GrantedWindow(decidedAt, grant.Witness.Elapsed, activation, range);
            foreach (var turn in grant.Turns)
                _turns[now + turn] = decidedAt + (turn / range.Rate);
        }

        Pump();
    }

    public RestoreAnswer Restore(long epoch) => _channel.Restore(epoch, clock.At(simulation.Now));

    // What is held is settled when it is known whether it goes on; half of what does is never said to, as where no other message follows.
    private void Admitted(AcquireEntry entry, AcquireDecision decision, long epoch, Admission admission)
    {
        if (!entry.MayBeGivenBack)
        {
            simulation.History.Add(admission);
            return;
        }

        simulation.Later(() =>
        {
            if (IsDead)
                return;
            var isGivenBack = simulation.Chance(simulation.Plan.GivenBack);
            if (!isGivenBack)
                simulation.History.Add(admission);
            if (isGivenBack || simulation.Chance(0.5))
                _settlements.Add(new ChargeSettlement(entry.Key, entry.Cost, epoch, decision.Ticket, isGivenBack));
            Pump();
        });
    }

    // By the clock of the range: what the way and the front-end's timer add to the delay is the jitter that the law leaves out.
    private static TimeSpan LeavesAt(TimeSpan decidedAt, in AcquireDecision decision, SimulatedClock range) => decidedAt + (decision.Delay / range.Rate);

    // A turn is the range's, and the law is about those; that none is taken before its time is held here.
    private bool TryAdmitByLease(TimeSpan now, int cost, bool isHeld)
    {
        if (simulation.Plan.Rule.Mode == RateLimitMode.Exact)
            return false;
        if (!isHeld)
        {
            var admitted = _holder.TryAdmit(now, cost, out var wait);
            if (admitted)
                AdmitByLease(now, cost, wait);
            return admitted;
        }

        if (!_holder.TryHold(now, cost, out var delay, out var taken))
            return false;
        // As long as a request may be held, and put back whatever has become of the lease.
        if (!simulation.Chance(simulation.Plan.GivenBack))
            AdmitByLease(now, cost, delay);
        else
            simulation.Later(() => _holder.GiveBack(taken));
        return true;
    }

    private void AdmitByLease(TimeSpan now, int cost, TimeSpan delay)
    {
        if (simulation.Plan.Rule.Algorithm == RateLimitAlgorithm.LeakyBucket)
        {
            var turn = _turns[now + delay];
            var leaves = simulation.Now + (delay / clock.Rate);
            Assert.True(leaves >= turn - (simulation.Plan.Rule.Horizon * 2 * LimitRule.ClockRateTolerance), $"left {turn - leaves} early");
            simulation.History.AddLeased(new Admission(turn, cost, -1, TimeSpan.Zero, default));
            return;
        }

        var (decidedAt, elapsed, activation, range) = _window!.Value;
        simulation.History.AddLeased(new Admission(simulation.Now, cost, activation, elapsed + ((simulation.Now - decidedAt) * range.Rate), range));
    }

    private readonly record struct GrantedWindow(TimeSpan DecidedAt, TimeSpan Elapsed, int Activation, SimulatedClock Range);

    private void AdmitFromShare(TimeSpan now, int cost, bool isHeld)
    {
        var share = _share ??= new LocalShare(simulation.Plan.Rule, Parts, 1000, now);
        var ticket = default(ChargeTicket);
        if (!(isHeld ? share.TryHold(LimitSimulation.Key, cost, now, out var wait, out ticket) : share.TryAdmit(LimitSimulation.Key, cost, now, out wait)))
            return;
        _channel.AdmittedAlone(now + wait);
        if (isHeld && simulation.Chance(simulation.Plan.GivenBack))
            simulation.Later(() => share.GiveBack(LimitSimulation.Key, cost, ticket, clock.At(simulation.Now)));
        else
            simulation.Admitted(cost, wait / clock.Rate);
    }
}
