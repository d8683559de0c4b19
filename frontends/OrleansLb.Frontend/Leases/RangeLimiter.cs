using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
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
    RangeLetter letter,
    RangePost post,
    RangeChannel channel,
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

    // Of the call under way.
    private readonly List<PendingAcquire> _asking = [];
    private readonly List<KeyLimiter> _renewing = [];

    // Of the call before, used again when as many are asked.
    private AcquireEntry[] _entries = [];
    private AcquireDecision[] _decisions = [];

    private int _returns;
    private int _running;

    public RangeChannel Channel => channel;

    /// <summary>Asks the range; ends at once when the client goes away.</summary>
    public ValueTask<LimitOutcome> Ask(KeyLimiter? limiter, AcquireEntry entry, TimeSpan now, CancellationToken aborted)
    {
        var pending = PendingAcquire.Of(limiter, entry, now + LongestWait);
        if (!_waiting.TryAdd(pending))
        {
            pending.Recycle();
            return new(new LimitOutcome(LimitVerdict.Unavailable, LongestWait));
        }

        pending.GiveUpWith(_waiting, aborted);
        Start();
        return pending.Decision;
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

    // Pooled, as is what it awaits: at a hundred thousand decisions a second the pauses of the collector are what the slowest of a hundred wait for.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> TryExchange()
    {
        TakeWaiting();
        var renewals = TakeRenewals();
        if (_asking.Count == 0 && renewals.Length == 0 && Volatile.Read(ref _returns) == 0)
            return true;
        var request = channel.Begin(EntriesAsked(), renewals, TakeSettlements(), clock.Now);
        if (await Call(request) is not { } reply || !channel.TryAccept(reply, clock.Now))
        {
            // What the range may have decided in a reply that was lost stays charged there; asking again charges again, which is safe.
            _waiting.PutBack(_asking);
            return false;
        }

        var sentAt = channel.SentAt;
        Settle(reply, sentAt);
        for (var index = 0; index < _renewing.Count; index++)
            _renewing[index].Granted(reply.Grants[index], reply.Epoch, sentAt, clock.Now);
        _asking.Clear();
        return true;
    }

    /// <summary>A reply of another shape comes from a silo of another version; settled by it, requests would wait for ever.</summary>
    private static bool IsAnswer(LimitReply reply, in RangeRequest request) =>
        reply.Decisions.Length == request.Acquires.Length && reply.Grants.Length == request.Renewals.Length;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<RangeReply?> Call(RangeRequest request)
    {
        try
        {
            if (!letter.HasWay)
                return null;
            var reply = await post.Exchange(letter, request.ToWire());
            contact.Made();
            channel.Sent(letter.SentAt);
            return reply is not null && IsAnswer(reply, request) ? reply.ToCore(request, _decisions) : null;
        }
        catch (Exception exception) when (GrainCall.IsFailure(exception))
        {
            LogNotAnswered(logger, letter.Name, exception.Message);
            return null;
        }
    }

    private void TakeWaiting()
    {
        _asking.Clear();
        _waiting.Take(_asking, LargestBatch);
        var (now, kept) = (clock.Now, 0);
        for (var index = 0; index < _asking.Count; index++)
        {
            var pending = _asking[index];
            if (now < pending.GiveUpAt)
                _asking[kept++] = pending;
            else
                pending.Decide(new LimitOutcome(LimitVerdict.Unavailable, LongestWait));
        }

        _asking.RemoveRange(kept, _asking.Count - kept);
    }

    private AcquireEntry[] EntriesAsked()
    {
        if (_entries.Length != _asking.Count)
            (_entries, _decisions) = (new AcquireEntry[_asking.Count], new AcquireDecision[_asking.Count]);
        for (var index = 0; index < _entries.Length; index++)
            _entries[index] = _asking[index].Entry;
        return _entries;
    }

    private LeaseRenewal[] TakeRenewals()
    {
        _renewing.Clear();
        if (_renewals.IsEmpty)
            return [];
        var renewals = new List<LeaseRenewal>();
        while (renewals.Count < LargestBatch && _renewals.TryDequeue(out var limiter))
        {
            limiter.Dequeued();
            if (limiter.Leases.Renew(clock.Now, channel.RoundTrip) is not { } renewal)
                continue;
            _renewing.Add(limiter);
            renewals.Add(renewal);
        }

        return [.. renewals];
    }

    // Not put back when the call fails: it may have been heard, and is worth less than a promise that nothing is given back twice.
    private ChargeSettlement[] TakeSettlements()
    {
        if (_settlements.IsEmpty)
            return [];
        var settlements = new List<ChargeSettlement>();
        while (settlements.Count < LargestBatch && _settlements.TryDequeue(out var settlement))
        {
            settlements.Add(settlement);
            if (settlement.IsGivenBack)
                Interlocked.Decrement(ref _returns);
        }

        return [.. settlements];
    }

    private void Settle(in RangeReply reply, TimeSpan sentAt)
    {
        var now = clock.Now;
        for (var index = 0; index < _asking.Count; index++)
        {
            var (pending, decision) = (_asking[index], reply.Decisions[index]);
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
