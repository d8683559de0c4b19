using OrleansLb.Core.Snapshots;

namespace OrleansLb.Core.Concurrency;

/// <summary>
/// A front-end's side of the slots of one pool: reports, takes answers, and sets what each <see cref="SlotGate"/> allows. When no answer has come for
/// the time of a lease it goes on alone, as <see cref="ConcurrencyDefinition.WhenUnreachable"/> says. A backend without a limit is open and in no report. <see cref="HasLapsed"/>,
/// <see cref="Lapse"/> and <see cref="RunsLow"/> may be called by any thread; the rest belongs to the one loop that talks to the pool.
/// </summary>
public sealed class SlotHolder
{
    private readonly Lock _lock = new();
    private readonly string _frontendId;
    private readonly long _incarnation;
    private Entry[] _entries = [];
    private WhenUnreachable _choice;
    private long _lapsesAt;
    private long _sequence;
    private long _outstanding;
    private long _epoch;
    private bool _isAlone;
    private bool _isConfigured;
    private int _wasLow;

    /// <summary>A front-end that was not answered yet: it waits for <see cref="SlotLease.FirstAnswerTime"/>.</summary>
    /// <param name="frontendId">Front-end id.</param>
    /// <param name="incarnation">Grows with each start of the front-end.</param>
    /// <param name="now">The time.</param>
    public SlotHolder(string frontendId, long incarnation, TimeSpan now)
    {
        (_frontendId, _incarnation, SentAt) = (frontendId, incarnation, now);
        _lapsesAt = (now + SlotLease.FirstAnswerTime).Ticks;
    }

    /// <summary>N of the part 1/N of each limit that is this front-end's when it is alone; 0 when it was never told.</summary>
    public int ShareParts { get; private set; }

    /// <summary>Whether it goes on without the cluster.</summary>
    public bool IsAlone => Volatile.Read(ref _isAlone);

    /// <summary>When the newest report was sent; when this began, before the first.</summary>
    public TimeSpan SentAt { get; private set; }

    /// <summary>What makes the next report due.</summary>
    public SlotNews News { get; private set; } = SlotNews.First;

    /// <summary>Whether the lease has ended and <see cref="Lapse"/> is due.</summary>
    /// <param name="now">The time.</param>
    public bool HasLapsed(TimeSpan now) => now.Ticks >= Volatile.Read(ref _lapsesAt);

    /// <summary>Goes on alone if the lease has ended.</summary>
    /// <param name="now">The time.</param>
    public void Lapse(TimeSpan now)
    {
        lock (_lock)
        {
            if (HasLapsed(now))
                BeAlone();
        }
    }

    /// <summary>Goes on alone at once: it is known that no silo answers.</summary>
    public void GoAlone()
    {
        lock (_lock)
            BeAlone();
    }

    /// <summary>Notes that a gate has few slots left.</summary>
    public void RunsLow() => Volatile.Write(ref _wasLow, 1);

    /// <summary>Whether any backend has a limit, so that there is something to report.</summary>
    public bool IsLimited { get; private set; }

    /// <summary>
    /// Follows the configuration and what agents say. A gate that is not among the pool's any more lets nobody in; nor does one that just got a limit, until the
    /// pool has answered.
    /// </summary>
    /// <param name="choice">What to do without the cluster.</param>
    /// <param name="backends">The pool's backends.</param>
    /// <param name="now">The time.</param>
    public void Configure(WhenUnreachable choice, IReadOnlyList<SlotPlace> backends, TimeSpan now)
    {
        ArgumentNullException.ThrowIfNull(backends);
        lock (_lock)
        {
            var known = _entries.ToDictionary(static entry => entry.Key);
            var wasLimited = IsLimited;
            _choice = choice;
            _entries = [.. backends.Select(backend => known.Remove(backend.Key, out var entry) ? entry : new Entry(backend.Key, backend.Gate))];
            foreach (var gone in known.Values)
                gone.Gate.Allow(0);
            var isNews = false;
            foreach (var (entry, backend) in _entries.Zip(backends))
                isNews |= entry.Follow(backend.Limit);
            IsLimited = _entries.Any(static entry => entry.Limit is not null);
            // The first limit of all is waited with since the front-end started.
            if (!IsLimited || (!wasLimited && _isConfigured))
                Restart(now);
            else if (isNews && !_isAlone)
                News = SlotNews.First;
            _isConfigured = true;
            if (_isAlone)
                BeAlone();
        }
    }

    /// <summary>Begins a report; the answer to one begun before it is given up.</summary>
    /// <param name="waiting">Requests that wait, or were refused since the last report, for each backend in the configured order.</param>
    /// <param name="isLeaving">Whether this is the last one.</param>
    /// <param name="now">The time it is sent.</param>
    public SlotReport Begin(ReadOnlySpan<int> waiting, bool isLeaving, TimeSpan now)
    {
        lock (_lock)
        {
            if (HasLapsed(now))
                BeAlone();
            SentAt = now;
            _outstanding = ++_sequence;
            _wasLow = 0;
            var claims = new List<SlotClaim>(_entries.Length);
            for (var i = 0; i < _entries.Length; i++)
            {
                if (_entries[i].Limit is not null)
                    claims.Add(_entries[i].Claim(i < waiting.Length ? waiting[i] : 0, isLeaving, _isAlone));
            }

            return new SlotReport
            {
                FrontendId = _frontendId,
                Incarnation = _incarnation,
                Sequence = _sequence,
                AckedEpoch = _epoch,
                IsLeaving = isLeaving,
                Claims = [.. claims],
            };
        }
    }

    /// <summary>Takes an answer.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="now">The time it was received.</param>
    /// <returns>False when it changes nothing: it answers no report that is outstanding, or came when its lease had ended.</returns>
    public bool TryAccept(SlotAnswer answer, TimeSpan now)
    {
        lock (_lock)
        {
            if (answer.Sequence != _outstanding)
                return false;
            _outstanding = 0;
            var lapsesAt = SentAt + SlotLease.HolderTime;
            if (now >= lapsesAt)
                return false;

            News = answer.Epoch != _epoch ? SlotNews.NewEpoch : answer.IsScarce ? SlotNews.Scarce : SlotNews.None;
            _epoch = answer.Epoch;
            ShareParts = Math.Max(1, answer.ShareParts);
            _isAlone = false;
            Volatile.Write(ref _lapsesAt, lapsesAt.Ticks);
            Allow(answer);
            return true;
        }
    }

    /// <summary>Gives up the answer to the newest report.</summary>
    public void Abandon()
    {
        lock (_lock)
        {
            _outstanding = 0;
            News = SlotNews.Failed;
        }
    }

    /// <summary>What the next report would say that the last one did not, as far as that is urgent.</summary>
    public SlotActivity Activity()
    {
        lock (_lock)
        {
            var (held, inUse, returnable) = (0L, 0L, 0L);
            foreach (var entry in _entries)
            {
                if (entry.Limit is null)
                    continue;
                var (allowed, used) = entry.Gate.Read();
                held += _isAlone ? 0 : allowed;
                inUse += used;
                returnable += Math.Max(0, entry.Reported - Math.Max(_isAlone ? 0 : allowed, used));
            }

            return new SlotActivity(held, inUse, returnable, Volatile.Read(ref _wasLow) != 0);
        }
    }

    // What it had while there was no limit is no lease: it is as a front-end that was not answered yet.
    private void Restart(TimeSpan now)
    {
        (_isAlone, _outstanding, SentAt, News) = (false, 0, now, SlotNews.First);
        Volatile.Write(ref _lapsesAt, IsLimited ? (now + SlotLease.FirstAnswerTime).Ticks : long.MaxValue);
    }

    private void Allow(SlotAnswer answer)
    {
        var granted = new Dictionary<BackendKey, SlotGrant>(answer.Grants.Length);
        foreach (ref readonly var grant in answer.Grants.AsSpan())
            granted[grant.Key] = grant;
        foreach (var entry in _entries)
        {
            if (entry.Limit is null)
                continue;
            var grant = granted.GetValueOrDefault(entry.Key);
            var amount = Math.Max(0, grant.Amount);
            entry.Told = grant.Limit > 0 ? grant.Limit : null;
            entry.Gate.Allow(amount);
            entry.Gate.WarnAt(answer.IsScarce ? -1 : (amount - entry.Gate.InUse) / 2);
        }
    }

    private void BeAlone()
    {
        _isAlone = true;
        foreach (var entry in _entries)
        {
            if (entry.Limit is not { } limit)
                continue;
            entry.Gate.Allow(_choice switch
            {
                WhenUnreachable.Deny => 0,
                WhenUnreachable.Allow => int.MaxValue,
                _ => Math.Max(1, Math.Min(limit, entry.Told ?? limit) / Math.Max(1, ShareParts)),
            });
            entry.Gate.WarnAt(-1);
        }

        // Nothing lapses until there is a lease again.
        Volatile.Write(ref _lapsesAt, long.MaxValue);
    }

    private sealed class Entry(BackendKey key, SlotGate gate)
    {
        private int _recent;

        public BackendKey Key => key;

        public SlotGate Gate => gate;

        /// <summary>Slots of all front-ends together; <see langword="null"/> for no limit.</summary>
        public int? Limit { get; private set; }

        /// <summary>What the pool said to be the limit now, where it adapts.</summary>
        public int? Told { get; set; }

        /// <summary>What the pool believes to be occupied since the last report.</summary>
        public int Reported { get; private set; }

        /// <summary>Takes over a limit: at once what it takes away, and what it gives only with the pool's answer.</summary>
        /// <returns>Whether the pool should hear from this front-end at once.</returns>
        public bool Follow(int? limit)
        {
            if (limit is not { } most)
            {
                gate.Open();
                gate.WarnAt(-1);
            }
            else if (Limit is null)
            {
                gate.Allow(0);
                gate.TakePeak();
            }
            else if (gate.Allowed > most)
            {
                gate.Allow(most);
            }

            var isNews = limit is not null && limit != Limit;
            Limit = limit;
            return isNews;
        }

        public SlotClaim Claim(int waiting, bool isLeaving, bool isAlone)
        {
            if (isLeaving)
                gate.Allow(0);
            var peak = gate.TakePeak();
            var (allowed, inUse) = gate.Read();
            _recent = Math.Max(peak, _recent - ((_recent - inUse + 3) / 4));
            var held = isAlone ? 0 : allowed;
            Reported = Math.Max(held, inUse);
            return new SlotClaim(key, held, inUse, waiting, _recent);
        }
    }
}
