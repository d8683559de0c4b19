namespace OrleansLb.Core.Sessions;

/// <summary>
/// The arbiter of one hash range of a pool's learned sessions. For one caller at a time. The first claim binds; a binding is replaced only by a claim that names
/// its epoch, or by an administrator. Of bounded size: a session that is idle for too long is forgotten, and when there is no room the one that was used longest ago is, those
/// first that were never used again.
/// </summary>
public sealed class SessionTable
{
    /// <summary>How long a front-end uses what it remembers without asking.</summary>
    public static readonly TimeSpan Freshness = TimeSpan.FromSeconds(30);

    /// <summary>
    /// What was used within this time may be in use at a front-end that does not ask: forgotten here, it could be bound a second time. Longer than
    /// <see cref="Freshness"/> by what an answer may take to arrive.
    /// </summary>
    public static readonly TimeSpan EvictableAfter = Freshness + TimeSpan.FromSeconds(5);

    /// <summary>A number above is damage, and leaves no room to count on.</summary>
    internal const long HighestEpoch = long.MaxValue / 2;

    private readonly Dictionary<SessionKey, SessionEntry> _entries = [];
    private readonly SessionQueue _unproven = new();
    private readonly SessionQueue _proven = new();
    private readonly SessionChangeLog _log;
    private int _capacity;
    private TimeSpan _idleTimeout;
    private long _stamp;

    /// <summary>A new activation.</summary>
    /// <param name="epoch">Higher than that of any activation before, as far as is known; raised further if a front-end says otherwise.</param>
    /// <param name="capacity">Most sessions.</param>
    /// <param name="idleTimeout">How long an unused session is kept; not less than <see cref="EvictableAfter"/>.</param>
    /// <param name="recalls">What the front-ends know.</param>
    /// <param name="now">The time.</param>
    public SessionTable(long epoch, int capacity, TimeSpan idleTimeout, IReadOnlyCollection<SessionRecall> recalls, TimeSpan now)
    {
        ArgumentNullException.ThrowIfNull(recalls);
        Configure(capacity, idleTimeout);
        Epoch = _stamp = Math.Max(Clip(epoch), NewestOf(recalls) + 1);
        _log = new SessionChangeLog(Epoch);
        Restore(recalls, now);
    }

    /// <summary>Identity of this activation; higher is newer.</summary>
    public long Epoch { get; }

    /// <summary>Number of the last change that front-ends must hear of.</summary>
    public long Version => _log.Version;

    /// <summary>Sessions in it, revoked ones among them.</summary>
    public int Count => _entries.Count;

    /// <summary>Sessions that were forgotten because they were idle for too long.</summary>
    public long Expired { get; private set; }

    /// <summary>Sessions that were forgotten to make room.</summary>
    public long Evicted { get; private set; }

    /// <summary>Takes over changed numbers.</summary>
    /// <param name="capacity">Most sessions.</param>
    /// <param name="idleTimeout">How long an unused session is kept.</param>
    public void Configure(int capacity, TimeSpan idleTimeout)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        _capacity = capacity;
        _idleTimeout = idleTimeout > EvictableAfter ? idleTimeout : EvictableAfter;
    }

    /// <summary>Decides a claim.</summary>
    /// <param name="claim">The claim.</param>
    /// <param name="now">The time.</param>
    public SessionVerdict Bind(in SessionClaim claim, TimeSpan now)
    {
        Tick(now);
        if (!_entries.TryGetValue(claim.Key, out var entry))
            return BindFirst(claim, now);
        Touch(entry, now);
        if (!entry.Binding.IsBound)
            return BindRevoked(entry, claim);
        if (claim.Replaces != entry.Binding.Epoch || claim.Candidate == SessionBinding.Nobody || claim.Candidate == entry.Binding.Backend)
            return Answer(SessionOutcome.Found, entry.Binding);
        Replace(entry, claim.Candidate);
        return Answer(SessionOutcome.Replaced, entry.Binding);
    }

    /// <summary>Binds a session to a backend, whatever holds; one that is not known too, if there is room.</summary>
    /// <param name="key">The session.</param>
    /// <param name="backend">The backend; not <see cref="SessionBinding.Nobody"/>.</param>
    /// <param name="now">The time.</param>
    public SessionVerdict Move(SessionKey key, BackendKey backend, TimeSpan now)
    {
        if (!_entries.TryGetValue(key, out var entry))
            return BindFirst(new SessionClaim(key, backend, 0, default), now);
        Touch(entry, now);
        if (entry.Binding.Backend == backend)
            return Answer(SessionOutcome.Found, entry.Binding);
        Replace(entry, backend);
        return Answer(SessionOutcome.Replaced, entry.Binding);
    }

    /// <summary>Ends a binding: the next request of the session is one of a new session. The end is remembered, so that no front-end brings the binding back.</summary>
    /// <param name="key">The session.</param>
    /// <param name="now">The time.</param>
    /// <returns>Whether it was bound.</returns>
    public bool Revoke(SessionKey key, TimeSpan now)
    {
        if (!_entries.TryGetValue(key, out var entry) || !entry.Binding.IsBound)
            return false;
        Touch(entry, now);
        Replace(entry, SessionBinding.Nobody);
        return true;
    }

    /// <summary>The binding of a session, without using it.</summary>
    /// <param name="key">The session.</param>
    /// <param name="now">The time.</param>
    /// <returns><see langword="null"/> when it is not bound.</returns>
    public SessionRow? Find(SessionKey key, TimeSpan now) => _entries.TryGetValue(key, out var entry) && entry.Binding.IsBound ? Row(entry, now) : null;

    /// <summary>Some of the bound sessions, in the order of their keys.</summary>
    /// <param name="after">The last session before; <see langword="null"/> to begin.</param>
    /// <param name="most">Most that are wanted.</param>
    /// <param name="now">The time.</param>
    public SessionRow[] Page(SessionKey? after, int most, TimeSpan now) =>
    [
        .. _entries.Values.Where(entry => entry.Binding.IsBound && (after is not { } last || entry.Key > last))
            .OrderBy(static entry => entry.Key).Take(most).Select(entry => Row(entry, now)),
    ];

    /// <summary>What changed since a version.</summary>
    /// <param name="version">The version.</param>
    public SessionChanges ChangesSince(long version) => _log.Since(version);

    /// <summary>Forgets what was idle for too long.</summary>
    /// <param name="now">The time.</param>
    public void Tick(TimeSpan now)
    {
        Expire(_unproven, now);
        Expire(_proven, now);
    }

    private static long Clip(long epoch) => Math.Clamp(epoch, 1, HighestEpoch);

    private static bool IsSane(in SessionRow row) => row.Binding.Epoch is >= 0 and <= HighestEpoch && (row.Binding.IsBound || row.Binding.Epoch > 0);

    private static long NewestOf(IReadOnlyCollection<SessionRecall> recalls) => recalls
        .SelectMany(static recall => recall.Rows.Select(static row => row.Binding.Epoch).Append(recall.NewestEpoch))
        .Where(static epoch => epoch is >= 0 and <= HighestEpoch).DefaultIfEmpty().Max();

    private void Restore(IReadOnlyCollection<SessionRecall> recalls, TimeSpan now)
    {
        var known = recalls.SelectMany(static recall => recall.Rows).Where(static row => IsSane(row)).GroupBy(static row => row.Key)
            .Select(static rows => (Newest: Newest(rows), Idle: Idle(rows), AllAgree: rows.All(row => row.Binding == rows.First().Binding)))
            .Where(row => row.Idle <= _idleTimeout)
            // What was never bound had no room, or was decided without asking: it takes nobody's.
            .OrderBy(static row => row.Newest.Binding.Epoch == 0).ThenBy(static row => row.Idle).ThenBy(static row => row.Newest.Key).Take(_capacity)
            .OrderByDescending(static row => row.Idle).ThenByDescending(static row => row.Newest.Key);
        foreach (var (row, idle, allAgree) in known)
        {
            Add(row.Key, row.Binding.Epoch > 0 ? row.Binding : new SessionBinding(row.Binding.Backend, ++_stamp), now - idle);
            if (!allAgree)
                _log.Add(++_stamp, row.Key);
        }
    }

    // What front-ends decided alone has no number; whoever is asked in whatever order, the same one wins.
    private static SessionRow Newest(IEnumerable<SessionRow> rows) =>
        rows.OrderByDescending(static row => row.Binding.Epoch).ThenBy(static row => row.Binding.Backend.Value).First();

    private static TimeSpan Idle(IEnumerable<SessionRow> rows) => rows.Min(static row => row.Idle) is var idle && idle > TimeSpan.Zero ? idle : TimeSpan.Zero;

    private SessionVerdict BindFirst(in SessionClaim claim, TimeSpan now)
    {
        var backend = claim.Known is { IsBound: true, Epoch: > 0 } known ? known.Backend : claim.Candidate;
        if (backend == SessionBinding.Nobody)
            return Answer(SessionOutcome.Unbound, default);
        if (_entries.Count >= _capacity && !TryMakeRoom(now))
            return Answer(SessionOutcome.Full, default);
        return Answer(SessionOutcome.Bound, Add(claim.Key, new SessionBinding(backend, ++_stamp), now).Binding);
    }

    // What is remembered from before the end is what was ended.
    private SessionVerdict BindRevoked(SessionEntry entry, in SessionClaim claim)
    {
        if (claim.Candidate == SessionBinding.Nobody)
            return Answer(SessionOutcome.Unbound, entry.Binding);
        entry.Binding = new SessionBinding(claim.Candidate, ++_stamp);
        return Answer(SessionOutcome.Bound, entry.Binding);
    }

    private SessionVerdict Answer(SessionOutcome outcome, SessionBinding binding) => new(outcome, binding, Epoch, Version);

    private void Replace(SessionEntry entry, BackendKey backend)
    {
        entry.Binding = new SessionBinding(backend, ++_stamp);
        _log.Add(entry.Binding.Epoch, entry.Key);
    }

    private SessionEntry Add(SessionKey key, SessionBinding binding, TimeSpan now)
    {
        var entry = new SessionEntry(key) { Binding = binding };
        _entries.Add(key, entry);
        _unproven.Append(entry, now);
        return entry;
    }

    private void Touch(SessionEntry entry, TimeSpan now)
    {
        entry.Queue!.Remove(entry);
        _proven.Append(entry, now);
    }

    private bool TryMakeRoom(TimeSpan now)
    {
        if (Evictable(_unproven, now) is not { } entry && (entry = Evictable(_proven, now)) is null)
            return false;
        Forget(entry);
        Evicted++;
        return true;
    }

    private static SessionEntry? Evictable(SessionQueue queue, TimeSpan now) =>
        queue.Oldest is { } oldest && now - oldest.UsedAt > EvictableAfter ? oldest : null;

    private void Expire(SessionQueue queue, TimeSpan now)
    {
        while (queue.Oldest is { } oldest && now - oldest.UsedAt > _idleTimeout)
        {
            Forget(oldest);
            Expired++;
        }
    }

    private void Forget(SessionEntry entry)
    {
        entry.Queue!.Remove(entry);
        _entries.Remove(entry.Key);
    }

    private static SessionRow Row(SessionEntry entry, TimeSpan now) => new(entry.Key, entry.Binding, now - entry.UsedAt);
}
