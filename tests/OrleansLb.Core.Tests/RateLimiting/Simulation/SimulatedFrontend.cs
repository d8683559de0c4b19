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
    private readonly List<int> _waiting = [];
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
        var state = Reachability.Of(simulation.Plan.Rule, now - (_heardAt ?? _startedAt), Parts > 0 ? TimeSpan.Zero : null);
        if (state == ReachabilityState.OnItsOwn && simulation.Plan.Rule.WhenUnreachable == WhenUnreachable.Share)
            AdmitFromShare(now, cost);
        else if (simulation.Plan.Rule.Mode != RateLimitMode.Exact && _holder.TryAdmit(now, cost, out var delay))
            AdmitByLease(now, cost, delay);
        else if (_waiting.Count < 50)
            _waiting.Add(cost);
        Pump();
    }

    public void Pump()
    {
        if (IsDead || (_sent is not null && simulation.Now - _sentAt < GiveUp))
            return;
        var now = clock.At(simulation.Now);
        var renewal = simulation.Plan.Rule.LeaseCap > 0 && _holder.NeedsRenewal(now) ? _holder.Renew(now, _channel.RoundTrip) : null;
        if (renewal is null && _waiting.Count == 0 && simulation.Now - _sentAt < KeepAlive)
            return;
        _sent = _channel.Begin([.. _waiting.Select(cost => new AcquireEntry(LimitSimulation.Key, cost))], renewal is { } due ? [due] : [], now);
        _sentAt = simulation.Now;
        _waiting.Clear();
        simulation.SendToRange(this, _sent);
    }

    public void Receive(RangeReply reply, TimeSpan decidedAt, int activation, SimulatedClock range)
    {
        var now = clock.At(simulation.Now);
        var request = _sent;
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
                simulation.History.Add(new Admission(LeavesAt(decidedAt, reply.Decisions[index], range), request!.Acquires[index].Cost, activation, reply.Decisions[index].Witness.Elapsed, range));
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

    // By the clock of the range: what the way and the front-end's timer add to the delay is the jitter that the law leaves out.
    private static TimeSpan LeavesAt(TimeSpan decidedAt, in AcquireDecision decision, SimulatedClock range) => decidedAt + (decision.Delay / range.Rate);

    // A turn is the range's, and the law is about those; that none is taken before its time is held here.
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

    private void AdmitFromShare(TimeSpan now, int cost)
    {
        _share ??= new LocalShare(simulation.Plan.Rule, Parts, 1000, now);
        if (!_share.TryAdmit(LimitSimulation.Key, cost, now, out var wait))
            return;
        _channel.AdmittedAlone(now + wait);
        simulation.Admitted(cost, wait / clock.Rate);
    }
}
