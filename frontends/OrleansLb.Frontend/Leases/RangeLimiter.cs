using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using OrleansLb.Contracts;
using OrleansLb.Contracts.RateLimits;
using OrleansLb.Core.RateLimiting;
using OrleansLb.Frontend.Cluster;

namespace OrleansLb.Frontend.Leases;

/// <summary>
/// A front-end's conversation with one range. One call is outstanding at a time and carries everything that gathered meanwhile, so
/// that calls a second are bounded by the round trip whatever the rate of requests.
/// </summary>
internal sealed partial class RangeLimiter(
    string grainKey,
    RangeChannel channel,
    IClusterLink link,
    ClusterContact contact,
    LimitClock clock,
    ILogger logger)
{
    private const int LargestBatch = 512;
    private const int MostWaiting = 8192;

    /// <summary>
    /// As long as a range may take to be back when its silo was killed, so that this costs clients time and not an error; without
    /// the cluster it is as long until the front-end decides alone.
    /// </summary>
    private static readonly TimeSpan LongestWait = ClusterContact.LostAfter;

    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(25);

    private readonly WaitingAcquires _waiting = new(MostWaiting);
    private readonly ConcurrentQueue<KeyLimiter> _renewals = new();
    private readonly ConcurrentQueue<ChargeSettlement> _settlements = new();
    private int _returns;
    private int _running;

    public RangeChannel Channel => channel;

    /// <summary>Asks the range; ends at once when the client goes away.</summary>
    public Task<LimitOutcome> Ask(KeyLimiter? limiter, AcquireEntry entry, TimeSpan now, CancellationToken aborted)
    {
        var pending = new PendingAcquire(limiter, entry, now + LongestWait);
        if (!_waiting.TryAdd(pending))
            return Task.FromResult(new LimitOutcome(LimitVerdict.Unavailable, LongestWait));
        pending.GiveUpWith(_waiting, aborted);
        Start();
        return pending.Task;
    }

    /// <summary>Lets a key's leases be renewed with the next call.</summary>
    public void Renew(KeyLimiter limiter)
    {
        if (!limiter.TryQueue())
            return;
        _renewals.Enqueue(limiter);
        Start();
    }

    /// <summary>
    /// Says what became of a charge: at once where permits come back; that they are spent only with whatever is said next, because until then the range is
    /// only too careful.
    /// </summary>
    public void Settle(in ChargeSettlement settlement)
    {
        _settlements.Enqueue(settlement);
        if (!settlement.IsGivenBack)
            return;
        Interlocked.Increment(ref _returns);
        Start();
    }

    private bool HasWork => !_waiting.IsEmpty || !_renewals.IsEmpty || Volatile.Read(ref _returns) > 0;

    private void Start()
    {
        if (Volatile.Read(ref _running) == 0 && Interlocked.Exchange(ref _running, 1) == 0)
            _ = Run();
    }

    private async Task Run()
    {
        do
        {
            while (HasWork)
            {
                if (!await TryExchange())
                    await Task.Delay(RetryDelay, clock.Provider);
            }

            Volatile.Write(ref _running, 0);
            // Work that came after the last look and before the mark was cleared did not start another loop.
        }
        while (HasWork && Interlocked.Exchange(ref _running, 1) == 0);
    }

    private async Task<bool> TryExchange()
    {
        var waiting = TakeWaiting();
        var (renewing, renewals) = TakeRenewals();
        if (waiting.Count == 0 && renewals.Count == 0 && Volatile.Read(ref _returns) == 0)
            return true;
        var request = channel.Begin([.. waiting.Select(static pending => pending.Entry)], [.. renewals], TakeSettlements(), clock.Now);
        var sentAt = channel.SentAt;
        if (await Call(request) is not { } reply || !Answers(reply, waiting.Count, renewing.Count) || !channel.TryAccept(reply, clock.Now))
        {
            // What the range may have decided in a reply that was lost stays charged there; asking again charges again, which is safe.
            _waiting.PutBack(waiting);
            return false;
        }

        Settle(waiting, reply, sentAt);
        for (var index = 0; index < renewing.Count; index++)
            renewing[index].Granted(reply.Grants[index], reply.Epoch, sentAt, clock.Now);
        return true;
    }

    /// <summary>A reply of another shape comes from a silo of another version; settled by it, requests would wait for ever.</summary>
    private static bool Answers(RangeReply reply, int asked, int renewed) => reply.Decisions.Length == asked && reply.Grants.Length == renewed;

    private async Task<RangeReply?> Call(RangeRequest request)
    {
        try
        {
            if (link.Grains is not { } grains)
                return null;
            var reply = await grains.GetGrain<IRateLimitRangeGrain>(grainKey).Exchange(request.ToWire());
            contact.Made();
            return reply?.ToCore(request);
        }
        catch (Exception exception) when (GrainCall.IsFailure(exception))
        {
            LogNotAnswered(logger, grainKey, exception.Message);
            return null;
        }
    }

    private List<PendingAcquire> TakeWaiting()
    {
        var waiting = _waiting.Take(LargestBatch);
        var now = clock.Now;
        waiting.RemoveAll(pending =>
        {
            var isOverdue = now >= pending.GiveUpAt;
            if (isOverdue)
                pending.Decide(new LimitOutcome(LimitVerdict.Unavailable, LongestWait));
            return isOverdue;
        });
        return waiting;
    }

    private (List<KeyLimiter> Renewing, List<LeaseRenewal> Renewals) TakeRenewals()
    {
        var renewing = new List<KeyLimiter>();
        var renewals = new List<LeaseRenewal>();
        while (renewals.Count < LargestBatch && _renewals.TryDequeue(out var limiter))
        {
            limiter.Dequeued();
            if (limiter.Leases.Renew(clock.Now, channel.RoundTrip) is not { } renewal)
                continue;
            renewing.Add(limiter);
            renewals.Add(renewal);
        }

        return (renewing, renewals);
    }

    // Not put back when the call fails: it may have been heard, and is worth less than a promise that nothing is given back twice.
    private ChargeSettlement[] TakeSettlements()
    {
        var settlements = new List<ChargeSettlement>();
        while (settlements.Count < LargestBatch && _settlements.TryDequeue(out var settlement))
        {
            settlements.Add(settlement);
            if (settlement.IsGivenBack)
                Interlocked.Decrement(ref _returns);
        }

        return [.. settlements];
    }

    private void Settle(List<PendingAcquire> waiting, RangeReply reply, TimeSpan sentAt)
    {
        var now = clock.Now;
        for (var index = 0; index < waiting.Count; index++)
        {
            var (pending, decision) = (waiting[index], reply.Decisions[index]);
            if (!decision.IsAdmitted)
                pending.Limiter?.Refused(sentAt, now, pending.Entry.Cost, decision.RetryAfter);
            var verdict = decision.IsAdmitted ? LimitVerdict.AdmittedByRange : LimitVerdict.Rejected;
            pending.Decide(new LimitOutcome(verdict, decision.RetryAfter)
            {
                Delay = decision.Delay,
                Quota = pending.Limiter?.QuotaAfter(decision.Quota, now) ?? decision.Quota,
                Charge = decision.IsAdmitted && pending.Entry is { MayBeGivenBack: true } entry
                    ? new LimitCharge(new RangeCharge(this, entry.Key, entry.Cost, reply.Epoch, decision.Ticket))
                    : default,
            });
        }
    }
}
