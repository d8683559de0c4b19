using System.Collections.Immutable;

namespace OrleansLb.Core.Balancing.Exchange;

/// <summary>
/// One front-end's side of the exchange with one pool: when to report, what to report, and what a reply says of the others.
/// Not thread-safe, but for <see cref="View"/>, which any thread may read at any time.
/// </summary>
/// <param name="frontendId">This front-end.</param>
/// <param name="incarnation">Grows with each start of this front-end.</param>
public sealed class FrontendLoadMachine(string frontendId, long incarnation)
{
    /// <summary>How long a report may stay unanswered before it no longer holds back the next.</summary>
    public static readonly TimeSpan AnswerTimeout = TimeSpan.FromMilliseconds(250);

    private readonly SentRing _sent = new();
    private readonly OwnRow _row = new();
    private readonly OwnOutcomes _outcomes = new();
    private readonly Dictionary<BackendKey, LoadEntry> _totals = [];
    private readonly Dictionary<BackendKey, TimeSpan> _latencies = [];
    private ImmutableArray<BackendKey> _backends = [];
    private TimeSpan[] _latencyView = [];
    private ForeignLoad _view = ForeignLoad.None;
    private TimeSpan _sentAt;
    private TrafficCounters _sentCounters;
    private PoolTraffic _traffic;
    private PoolEpoch _epoch = PoolEpoch.None;
    private long _version;
    private long _sequence;
    private long _outstanding;
    private long _acknowledged;
    private bool _needAllTotals = true;
    private int _failures;

    /// <summary>What the others have in flight. Never <see langword="null"/>; replaced, never changed.</summary>
    public ForeignLoad View => Volatile.Read(ref _view);

    /// <summary>The interval announced with the last report.</summary>
    public TimeSpan Tau { get; private set; } = ExchangePace.Idle;

    /// <summary>Whether news of a moved count is worth a report before its time: the last one was answered, and requests last long enough for others to hear of them.</summary>
    public bool WantsNews => _outstanding == 0 && _failures == 0 && ExchangePace.CanFollow(_traffic.MeanServiceTime);

    /// <summary>Whether the next report is far off because there is no traffic, so that the first request is worth one before its time.</summary>
    public bool IsResting => Tau == ExchangePace.Idle;

    /// <summary>What was last sent of a backend.</summary>
    /// <param name="key">The backend.</param>
    public LoadEntry SentTo(BackendKey key) => _row.Sent(key);

    /// <summary>Fixes the backends of the views to come, and their order.</summary>
    /// <param name="keys">Each backend once.</param>
    public void SetBackends(ImmutableArray<BackendKey> keys)
    {
        _backends = keys;
        foreach (var gone in _latencies.Keys.Except(keys).ToArray())
            _latencies.Remove(gone);
        ViewLatencies();
    }

    /// <summary>How long the next report may wait if nothing changes.</summary>
    /// <param name="own">What this front-end has in flight, each backend at most once.</param>
    /// <param name="counters">Its traffic to the pool.</param>
    /// <param name="now">Monotonic time.</param>
    /// <returns>Zero when it is due.</returns>
    public TimeSpan DueIn(ReadOnlySpan<LoadEntry> own, in TrafficCounters counters, TimeSpan now)
    {
        if (_sequence == 0)
            return TimeSpan.Zero;
        var wait = _outstanding != 0 ? AnswerTimeout : Backoff(Interval(own, counters));
        var floor = ExchangePace.FloorOf(_traffic.Frontends);
        if (WantsNews && wait > floor && IsUrgent(own))
            wait = floor;
        return Left(wait, now);
    }

    /// <summary>How long the next report has to wait whatever changes: there is no need to watch what does before.</summary>
    /// <param name="now">Monotonic time.</param>
    /// <returns>Zero when news may go out.</returns>
    public TimeSpan HeldFor(TimeSpan now) => _sequence == 0 ? TimeSpan.Zero : Left(ExchangePace.FloorOf(_traffic.Frontends), now);

    /// <summary>Makes the next report. It is outstanding until it is answered, abandoned or overdue.</summary>
    /// <param name="own">What this front-end has in flight, each backend at most once; a backend that is missing has nothing.</param>
    /// <param name="counters">Its traffic to the pool.</param>
    /// <param name="now">Monotonic time.</param>
    public LoadReport Report(ReadOnlySpan<LoadEntry> own, in TrafficCounters counters, TimeSpan now) => Report(own, [], counters, now);

    /// <summary>Makes the next report, with what came of the requests.</summary>
    /// <param name="own">What this front-end has in flight, each backend at most once; a backend that is missing has nothing.</param>
    /// <param name="outcomes">
    /// Its outcomes, each backend at most once, read after the last reply was accepted: the pool takes them to be newer than that reply.
    /// </param>
    /// <param name="counters">Its traffic to the pool.</param>
    /// <param name="now">Monotonic time.</param>
    public LoadReport Report(ReadOnlySpan<LoadEntry> own, ReadOnlySpan<OutcomeEntry> outcomes, in TrafficCounters counters, TimeSpan now)
    {
        if (_outstanding != 0)
            _failures++;
        Tau = Interval(own, counters);
        _sequence++;
        _outstanding = _sequence;
        _sentAt = now;
        _sentCounters = counters;
        _row.Update(own, _sequence);
        _outcomes.Update(outcomes, _sequence);
        _sent.Add(new SentVector(_sequence, now, _row.NonZero()));
        return new LoadReport
        {
            FrontendId = frontendId,
            Incarnation = incarnation,
            Sequence = _sequence,
            BaseSequence = _acknowledged,
            AckedEpoch = _epoch,
            AckedVersion = _needAllTotals ? 0 : _version,
            Tau = Tau,
            Counters = counters,
            Entries = _row.ChangedSince(_acknowledged),
            Outcomes = _outcomes.ChangedSince(_acknowledged),
        };
    }

    /// <summary>Gives a report up, so that the next may go out; each time in a row after a longer wait, up to a second.</summary>
    /// <param name="sequence">The report that failed.</param>
    public void Abandon(long sequence)
    {
        if (_outstanding != sequence)
            return;
        _outstanding = 0;
        _failures++;
    }

    /// <summary>Takes a reply in and publishes the view it gives.</summary>
    /// <param name="reply">The reply, however late, repeated or out of order.</param>
    /// <returns>Whether the reply was of use; <see langword="false"/> for one that is older than what is known.</returns>
    public bool Accept(LoadReply reply)
    {
        ArgumentNullException.ThrowIfNull(reply);
        if (reply.Incarnation != incarnation || _sent.Find(reply.InReplyTo) is not { } asked)
            return false;
        if (_outstanding == reply.InReplyTo)
            (_outstanding, _failures) = (0, 0);
        if (!IsNewer(reply))
            return false;
        if (!TakeTotals(reply))
            return false;
        TakeAcknowledgement(reply);
        _traffic = reply.Traffic.Usable;
        var echoed = reply.SequenceEcho == 0 ? null : _sent.Find(reply.SequenceEcho);
        if (reply.SequenceEcho != 0 && echoed is null)
            Publish(ForeignLoad.None);
        else if (reply.IsComplete)
            Publish(BuildView(reply, asked, echoed));
        return true;
    }

    private bool IsNewer(LoadReply reply)
    {
        var order = reply.Epoch.CompareTo(_epoch);
        return order > 0 || (order == 0 && reply.Version > _version);
    }

    private bool TakeTotals(LoadReply reply)
    {
        if (reply.IsFull)
        {
            _totals.Clear();
            _latencies.Clear();
        }
        else if (reply.Epoch != _epoch || _needAllTotals || reply.BaseVersion > _version)
        {
            _needAllTotals = true;
            return false;
        }

        foreach (var total in reply.Totals)
        {
            if (total.IsZero)
                _totals.Remove(total.Key);
            else
                _totals[total.Key] = total;
        }

        foreach (var latency in reply.Latencies)
            _latencies[latency.Key] = latency.Mean;
        if (reply.IsFull || reply.Latencies.Length > 0)
            ViewLatencies();

        (_epoch, _version, _needAllTotals) = (reply.Epoch, reply.Version, false);
        return true;
    }

    /// <summary>Views share one array until some latency moves.</summary>
    private void ViewLatencies()
    {
        var view = new TimeSpan[_backends.Length];
        for (var i = 0; i < view.Length; i++)
            view[i] = _latencies.GetValueOrDefault(_backends[i]);
        _latencyView = view;
    }

    private void TakeAcknowledgement(LoadReply reply)
    {
        // An older echo comes from another life of the pool; what changed since then may be forgotten here already.
        var usable = !reply.NeedFull && reply.SequenceEcho >= _acknowledged && _sent.Find(reply.SequenceEcho) is not null;
        _acknowledged = usable ? reply.SequenceEcho : 0;
        _row.Forget(_acknowledged, _sequence);
    }

    private ForeignLoad BuildView(LoadReply reply, SentVector asked, SentVector? echoed)
    {
        var requests = new int[_backends.Length];
        var connections = new int[_backends.Length];
        var ownRequests = new int[_backends.Length];
        var ownConnections = new int[_backends.Length];
        for (var i = 0; i < _backends.Length; i++)
        {
            var total = _totals.GetValueOrDefault(_backends[i]);
            var sent = echoed?.Entries.GetValueOrDefault(_backends[i]) ?? default;
            ownRequests[i] = reply.RequestsLapsed ? 0 : sent.Requests;
            ownConnections[i] = sent.Connections;
            requests[i] = Math.Max(0, total.Requests - ownRequests[i]);
            connections[i] = Math.Max(0, total.Connections - ownConnections[i]);
        }

        return new ForeignLoad(_backends, requests, connections, ownRequests, ownConnections, _latencyView)
        {
            HasSnapshot = true,
            TakenAt = asked.SentAt,
            Traffic = _traffic,
        };
    }

    private void Publish(ForeignLoad view) => Volatile.Write(ref _view, view);

    private TimeSpan Left(TimeSpan wait, TimeSpan now)
    {
        var left = wait - (now - _sentAt);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private TimeSpan Interval(ReadOnlySpan<LoadEntry> own, in TrafficCounters counters) =>
        IsIdle(own, counters) ? ExchangePace.Idle : ExchangePace.Regular(_traffic, _backends.Length);

    private bool IsIdle(ReadOnlySpan<LoadEntry> own, in TrafficCounters counters)
    {
        if (counters.Arrivals != _sentCounters.Arrivals)
            return false;
        foreach (var entry in own)
        {
            if (entry.Requests != 0)
                return false;
        }

        return true;
    }

    private bool IsUrgent(ReadOnlySpan<LoadEntry> own)
    {
        foreach (var entry in own)
        {
            var sent = _row.Sent(entry.Key);
            if (IsUrgent(sent.Requests, entry.Requests) || IsUrgent(sent.Connections, entry.Connections))
                return true;
        }

        return false;
    }

    private static bool IsUrgent(int sent, int own) => Math.Abs((long)own - sent) >= ExchangePace.UrgentMove(sent);

    private TimeSpan Backoff(TimeSpan interval)
    {
        var wait = interval * (1 << Math.Min(_failures, 8));
        return wait < ExchangePace.Idle ? wait : ExchangePace.Idle;
    }
}
