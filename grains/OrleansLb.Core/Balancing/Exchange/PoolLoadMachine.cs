using OrleansLb.Core.Retries;

namespace OrleansLb.Core.Balancing.Exchange;

/// <summary>
/// The cluster's load on one pool: a row per front-end, written by that front-end alone, and their sums. Reports carry
/// absolute counts, so that loss, repetition and reordering of messages cost freshness and nothing else.
/// Not thread-safe: one caller at a time.
/// </summary>
public sealed class PoolLoadMachine : IPoolOutcomes
{
    /// <summary>Most backends in one report.</summary>
    public const int MaxEntries = 10_000;

    /// <summary>Most front-ends, living and remembered.</summary>
    public const int MaxFrontends = 10_000;

    private static readonly TimeSpan LongestMean = TimeSpan.FromDays(1);

    private readonly Dictionary<string, FrontendRow> _rows = new(StringComparer.Ordinal);
    private readonly TimeSpan _activatedAt;
    private readonly string _siloIdentity;
    private readonly LoadTotals _totals = new();
    private readonly PoolOutcomes _outcomes = new();
    private IReadOnlyCollection<string>? _registered;
    private bool _complete;

    /// <summary>Starts a life without rows.</summary>
    /// <param name="siloIdentity">Names this life: the silo, and within it the activation. Two lives must not share a name.</param>
    /// <param name="now">Monotonic time.</param>
    /// <param name="epochNumber">Number of this life, 1 or more.</param>
    public PoolLoadMachine(string siloIdentity, TimeSpan now, long epochNumber = 1)
    {
        ArgumentNullException.ThrowIfNull(siloIdentity);
        ArgumentOutOfRangeException.ThrowIfLessThan(epochNumber, 1);
        _siloIdentity = siloIdentity;
        _activatedAt = now;
        Epoch = new PoolEpoch(epochNumber, siloIdentity);
    }

    /// <summary>The life of the totals; grows when a report tells of a higher one.</summary>
    public PoolEpoch Epoch { get; private set; }

    /// <summary>The version of the totals within <see cref="Epoch"/>.</summary>
    public long Version { get; private set; }

    /// <summary>
    /// Tells which front-ends exist, so that the totals can be called complete when all of them have sent their rows.
    /// </summary>
    /// <param name="frontendIds">Their ids; <see langword="null"/> or none when that is not known.</param>
    public void SetRegistered(IReadOnlyCollection<string>? frontendIds) => _registered = frontendIds;

    /// <summary>Takes a report in and answers it. No report makes it throw; one that cannot be true is refused as a whole, and answered with all totals.</summary>
    /// <param name="report">The report.</param>
    /// <param name="now">Monotonic time.</param>
    /// <returns>The totals as changed since the version that the report acknowledges, or all of them.</returns>
    public LoadReply Exchange(LoadReport report, TimeSpan now)
    {
        ArgumentNullException.ThrowIfNull(report);
        Expire(now);
        var refusal = LoadReportRules.Judge(report);
        if (refusal == LoadRefusal.None && IsFullFor(report.FrontendId))
            refusal = LoadRefusal.TooManyFrontends;
        return refusal == LoadRefusal.None ? Take(report, now) : Refuse(report, refusal, now);
    }

    private LoadReply Take(LoadReport report, TimeSpan now)
    {
        var knowsBase = report.AckedEpoch == Epoch && report.AckedVersion <= Version && _totals.Knows(report.AckedVersion);
        // A version of our own epoch that we never gave is the past of a life of the same name: take a new one.
        if (report.AckedEpoch > Epoch || (report.AckedEpoch == Epoch && report.AckedVersion > Version))
            Epoch = new PoolEpoch(report.AckedEpoch.Number + 1, _siloIdentity);
        Version++;
        var row = FindRow(report.FrontendId, report.Incarnation, now);
        var needFull = row is not null && !Apply(row, report, now);
        var baseVersion = knowsBase ? report.AckedVersion : 0;
        return Reply(report, row, needFull, baseVersion, now);
    }

    /// <summary>Removes what a front-end that stops in good order has in the totals.</summary>
    /// <param name="frontendId">The front-end.</param>
    /// <param name="incarnation">The incarnation that stops; a newer one is left alone.</param>
    /// <param name="now">Monotonic time.</param>
    /// <returns>Whether the totals held anything of it.</returns>
    public bool Remove(string frontendId, long incarnation, TimeSpan now)
    {
        Version++;
        if (IsFullFor(frontendId) || FindRow(frontendId, incarnation, now) is not { } row)
            return false;
        var had = row.HasVector;
        DropVector(row);
        // Nothing that this incarnation sent earlier may bring its counts back.
        row.Sequence = long.MaxValue;
        row.HeardAt = now;
        return had;
    }

    /// <summary>Lets go of counts whose lease has ended.</summary>
    /// <param name="now">Monotonic time.</param>
    /// <returns>Whether the totals changed.</returns>
    public bool Expire(TimeSpan now)
    {
        var before = Version;
        foreach (var row in _rows.Values)
        {
            if (row.CountsRequests && now >= row.RequestsEndAt)
                Lapse(row);
            if (row.HasVector && now >= row.ConnectionsEndAt)
                Drop(row);
            if (now >= row.FenceEndsAt)
                _rows.Remove(row.FrontendId);
        }

        _totals.Compact(Version);
        // Told with the next version, which no reader has yet.
        _outcomes.Expire(now, Version + 1);
        return Version != before;
    }

    /// <summary>Whether the lease of counted requests ends within some time, unless their front-end is heard before.</summary>
    /// <param name="time">How far to look.</param>
    /// <param name="now">Monotonic time.</param>
    public bool MayExpireWithin(TimeSpan time, TimeSpan now)
    {
        foreach (var row in _rows.Values)
        {
            if (row.CountsRequests && row.RequestsEndAt - now <= time)
                return true;
        }

        return false;
    }

    /// <summary>Whether the totals hold every front-end that is known to exist.</summary>
    /// <param name="now">Monotonic time.</param>
    public bool IsComplete(TimeSpan now)
    {
        _complete = _complete || now - _activatedAt >= LoadLease.Warmup || HasEveryRegistered();
        return _complete;
    }

    /// <inheritdoc/>
    public OutcomeCounters OutcomesOf(BackendKey key) => _outcomes.Of(key);

    /// <inheritdoc/>
    /// <remarks>None until the totals hold every front-end: one that this life has not heard of may have had successes.</remarks>
    public IReadOnlyList<FailureStreak> Streaks(int atLeast, TimeSpan now) => IsComplete(now) ? _outcomes.Streaks(atLeast, _rows.Values, now) : [];

    /// <inheritdoc/>
    public void ForgetStreak(BackendKey key) => _outcomes.ForgetStreak(key);

    /// <summary>Forgets the outcomes of every backend but these.</summary>
    /// <param name="keys">The backends of the pool.</param>
    public void KeepOutcomes(IReadOnlySet<BackendKey> keys) => _outcomes.Keep(keys);

    /// <summary>Traffic over all front-ends that are in the totals; there is no reader to it.</summary>
    public PoolTraffic Traffic() => Traffic(null);

    /// <summary>What all front-ends that are in the totals sent a second time; <see langword="null"/> if none of them tells.</summary>
    public RetryTally? Retries()
    {
        RetryTally? sum = null;
        foreach (var row in _rows.Values)
        {
            if (row is { HasVector: true, Retries: { } retries })
                sum = sum is { } before ? before.Add(retries) : retries;
        }

        return sum;
    }

    /// <summary>The totals by backend; backends without load are left out.</summary>
    public IReadOnlyList<LoadEntry> Totals() => _totals.All();

    /// <summary>What is in flight at one backend.</summary>
    /// <param name="key">The backend.</param>
    public LoadEntry TotalOf(BackendKey key) => _totals.Of(key);

    /// <summary>The totals by front-end, ordered by id; remembered ones without a row are left out.</summary>
    /// <param name="now">Monotonic time.</param>
    public IReadOnlyList<FrontendLoad> Frontends(TimeSpan now) =>
    [
        .. _rows.Values
            .Where(static row => row.HasVector)
            .OrderBy(static row => row.FrontendId, StringComparer.Ordinal)
            .Select(row => new FrontendLoad(
                row.FrontendId,
                row.Incarnation,
                row.Sequence,
                row.CountedEntries(),
                row.CountsRequests ? row.Meter.ArrivalRate : 0,
                now - row.HeardAt)),
    ];

    private bool HasEveryRegistered() =>
        _registered is { Count: > 0 } && _registered.All(id => _rows.TryGetValue(id, out var row) && row.HasVector);

    /// <summary>Nothing of the report counts, neither for its front-end nor for what it acknowledges; the front-end learns what the others have, and may send its whole row.</summary>
    private LoadReply Refuse(LoadReport report, LoadRefusal refusal, TimeSpan now)
    {
        Version++;
        var row = report.FrontendId is { } id && _rows.TryGetValue(id, out var known) && known.Incarnation == report.Incarnation ? known : null;
        return Reply(report, row, needFull: true, baseVersion: 0, now) with { Refusal = refusal };
    }

    private bool IsFullFor(string frontendId) => _rows.Count >= MaxFrontends && !_rows.ContainsKey(frontendId);

    private FrontendRow? FindRow(string frontendId, long incarnation, TimeSpan now)
    {
        if (_rows.TryGetValue(frontendId, out var row))
        {
            if (row.Incarnation >= incarnation)
                return row.Incarnation == incarnation ? row : null;
            DropVector(row);
        }

        row = new FrontendRow(frontendId, incarnation) { HeardAt = now };
        _rows[frontendId] = row;
        return row;
    }

    /// <summary>Lays a report over a row.</summary>
    /// <returns>False when the report's base is not what the row holds.</returns>
    private bool Apply(FrontendRow row, LoadReport report, TimeSpan now)
    {
        if (report.Sequence <= row.Sequence)
            return row.HasVector || row.HasLeft;
        if (!report.IsFull && (!row.HasVector || row.Sequence < report.BaseSequence))
            return false;

        if (!row.CountsRequests)
            Revive(row);
        if (report.IsFull)
            ClearUnnamed(row, report.Entries);
        foreach (var entry in report.Entries)
            Set(row, entry);
        row.HasVector = true;
        row.Sequence = report.Sequence;
        row.HeardAt = now;
        row.Tau = report.Tau;
        row.Retries = report.Retries;
        row.Meter.Observe(report.Counters, now);
        _outcomes.Take(row, report, report.AckedEpoch == Epoch ? report.AckedVersion : 0, Version, now);
        return true;
    }

    private LoadReply Reply(LoadReport report, FrontendRow? row, bool needFull, long baseVersion, TimeSpan now)
    {
        return new LoadReply
        {
            Epoch = Epoch,
            Version = Version,
            BaseVersion = baseVersion,
            Incarnation = report.Incarnation,
            InReplyTo = report.Sequence,
            SequenceEcho = row is { HasVector: true } ? row.Sequence : 0,
            RequestsLapsed = row is { HasVector: true, CountsRequests: false },
            NeedFull = needFull,
            IsComplete = IsComplete(now),
            Traffic = Traffic(row),
            Totals = baseVersion == 0 ? _totals.All() : _totals.ChangedSince(baseVersion),
            Latencies = _outcomes.LatenciesSince(baseVersion),
        };
    }

    private PoolTraffic Traffic(FrontendRow? reader)
    {
        var (frontends, fleet, arrivalRate, completions, serviceSeconds) = (0, 0, 0.0, 0.0, 0.0);
        foreach (var row in _rows.Values)
        {
            fleet += row.HasLeft ? 0 : 1;
            if (!row.CountsRequests)
                continue;
            frontends++;
            arrivalRate += row.Meter.ArrivalRate;
            completions += row.Meter.Completions;
            serviceSeconds += row.Meter.ServiceSeconds;
        }

        // What is left of counters long ago may be next to nothing, and a mean over it anything.
        var mean = completions > 0 ? TimeSpan.FromSeconds(Math.Min(serviceSeconds / completions, LongestMean.TotalSeconds)) : TimeSpan.Zero;
        return new PoolTraffic(arrivalRate, reader is { CountsRequests: true } ? reader.Meter.ArrivalRate : 0, mean, frontends) { Fleet = fleet };
    }

    private void Set(FrontendRow row, in LoadEntry entry)
    {
        var old = row.Entries.GetValueOrDefault(entry.Key);
        _totals.Add(entry.Key, (long)entry.Requests - old.Requests, (long)entry.Connections - old.Connections, Version);
        if (entry.IsZero)
            row.Entries.Remove(entry.Key);
        else
            row.Entries[entry.Key] = entry;
    }

    private void ClearUnnamed(FrontendRow row, LoadEntry[] named)
    {
        if (row.Entries.Count == 0)
            return;
        var kept = named.Select(static entry => entry.Key).ToHashSet();
        foreach (var key in row.Entries.Keys.Where(key => !kept.Contains(key)).ToArray())
            Set(row, new LoadEntry(key, 0, 0));
    }

    private void Revive(FrontendRow row)
    {
        row.CountsRequests = true;
        foreach (var entry in row.Entries.Values)
            _totals.Add(entry.Key, entry.Requests, 0, Version);
    }

    private void Lapse(FrontendRow row)
    {
        Version++;
        row.CountsRequests = false;
        foreach (var entry in row.Entries.Values)
            _totals.Add(entry.Key, -entry.Requests, 0, Version);
    }

    private void Drop(FrontendRow row)
    {
        Version++;
        DropVector(row);
    }

    private void DropVector(FrontendRow row)
    {
        foreach (var entry in row.Entries.Values)
            _totals.Add(entry.Key, row.CountsRequests ? -entry.Requests : 0, -entry.Connections, Version);
        row.Entries.Clear();
        row.HasVector = false;
        row.CountsRequests = false;
    }
}
