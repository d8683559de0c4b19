namespace OrleansLb.Core.Concurrency;

/// <summary>
/// Hands out the slots of a pool's backends as leases. For one caller at a time. At every moment the requests that front-ends may begin under leases
/// that have not ended are at most the limit for each backend, under loss, delay, repetition and reordering of messages, the death of
/// front-ends and clocks that differ by <see cref="RateLimiting.LimitRule.ClockRateTolerance"/>; and under its own death, if the activation
/// before it answers nobody after this one began.
/// </summary>
/// <param name="epoch">Names this activation; not 0, and unlike that of any before.</param>
/// <param name="startedAt">When the activation began.</param>
public sealed class SlotArbiter(long epoch, TimeSpan startedAt)
{
    private readonly Dictionary<SlotOwner, Row> _rows = [];
    private readonly Dictionary<BackendKey, SlotBook> _books = [];
    private readonly HashSet<BackendKey> _claimed = [];
    private int _registered;

    /// <summary>Names this activation.</summary>
    public long Epoch => epoch;

    /// <summary>
    /// Whether it is known what everybody holds. Until then front-ends keep what they say they have, and nobody gets more.
    /// </summary>
    public bool IsComplete { get; private set; }

    /// <summary>Takes a report and answers it.</summary>
    /// <param name="report">The report.</param>
    /// <param name="limitOf">
    /// Slots of a backend; <see langword="null"/> while that is not known: the front-end keeps what it has. A lowered limit holds once front-ends have
    /// given back what is beyond it.
    /// </param>
    /// <param name="now">The time.</param>
    /// <returns>The answer; <see langword="null"/> when the report is not newer than one before it.</returns>
    public SlotAnswer? Handle(SlotReport report, Func<BackendKey, int?> limitOf, TimeSpan now)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(limitOf);
        Expire(now);
        var owner = new SlotOwner(report.FrontendId, report.Incarnation);
        if (!_rows.TryGetValue(owner, out var row))
            _rows[owner] = row = new Row();
        if (report.Sequence <= row.Sequence)
            return null;

        row.Sequence = report.Sequence;
        row.ExpiresAt = now + SlotLease.Ttl;
        row.IsConfirmed |= report.AckedEpoch == epoch;
        row.HasLeft = report.IsLeaving;
        foreach (ref readonly var claim in report.Claims.AsSpan())
            Book(claim.Key).Claim(owner, claim.Numbers, !IsComplete, now);
        RemoveUnclaimed(owner, report.Claims);
        return Answer(owner, report, limitOf, now);
    }

    /// <summary>Takes over who is registered.</summary>
    /// <param name="registered">Every registered front-end.</param>
    /// <param name="isEverybody">
    /// Whether nobody else can hold slots of an activation before: none departed within a lease, and the list was made after this activation
    /// began and knows of everybody since a lease before that.
    /// </param>
    /// <param name="now">The time.</param>
    public void Observe(IReadOnlyCollection<SlotOwner> registered, bool isEverybody, TimeSpan now)
    {
        Expire(now);
        _registered = registered.Count;
        // One report is not enough: it may have been under way since before this activation. One that names this epoch was sent after it.
        IsComplete |= isEverybody && registered.All(owner => _rows.TryGetValue(owner, out var row) && row.IsConfirmed);
    }

    /// <summary>Ends the leases of front-ends that have been silent for a lease.</summary>
    /// <param name="now">The time.</param>
    public void Expire(TimeSpan now)
    {
        // By then every lease of an activation before has ended, or was renewed here.
        IsComplete |= now - startedAt >= SlotLease.Ttl;
        foreach (var (owner, row) in _rows)
        {
            if (now >= row.ExpiresAt)
                Forget(owner);
        }
    }

    /// <summary>Slots of a backend that front-ends hold or use.</summary>
    /// <param name="key">The backend.</param>
    public long OccupiedOf(BackendKey key) => _books.TryGetValue(key, out var book) ? book.Occupied : 0;

    /// <summary>What is leased and in use, for each backend and front-end that has any.</summary>
    public IEnumerable<SlotUse> Uses() => _books.SelectMany(static book => book.Value.Holdings
        .Select(holding => new SlotUse(book.Key, holding.Key, holding.Value.Bound, holding.Value.InUse, holding.Value.Waiting)));

    private SlotAnswer Answer(SlotOwner owner, SlotReport report, Func<BackendKey, int?> limitOf, TimeSpan now)
    {
        var holders = _rows.Values.Count(static row => !row.HasLeft);
        var grants = new SlotGrant[report.Claims.Length];
        var isScarce = false;
        for (var i = 0; i < grants.Length; i++)
        {
            ref readonly var claim = ref report.Claims[i];
            grants[i] = new SlotGrant(claim.Key, 0);
            if (report.IsLeaving)
                continue;
            var (amount, scarce) = Grant(owner, claim, limitOf(claim.Key), holders, now);
            grants[i] = new SlotGrant(claim.Key, amount);
            isScarce |= scarce;
        }

        return new SlotAnswer
        {
            Epoch = epoch,
            Sequence = report.Sequence,
            ShareParts = Math.Max(1, Math.Max(holders, _registered)),
            IsScarce = isScarce,
            Grants = grants,
        };
    }

    private (int Amount, bool IsScarce) Grant(SlotOwner owner, in SlotClaim claim, int? limit, int holders, TimeSpan now)
    {
        var book = Book(claim.Key);
        return IsComplete && limit is { } known
            ? book.Grant(owner, Math.Clamp(known, 0, SlotLimit.Most), holders, givesSpare: true, now)
            : (Math.Clamp(limit ?? SlotLimit.Most, 0, book.Keep(owner)), claim.Waiting > 0);
    }

    private SlotBook Book(BackendKey key)
    {
        if (!_books.TryGetValue(key, out var book))
            _books[key] = book = new SlotBook();
        return book;
    }

    private void RemoveUnclaimed(SlotOwner owner, SlotClaim[] claims)
    {
        _claimed.Clear();
        foreach (ref readonly var claim in claims.AsSpan())
            _claimed.Add(claim.Key);
        foreach (var key in _books.Keys)
        {
            if (!_claimed.Contains(key))
                Remove(key, owner);
        }
    }

    private void Forget(SlotOwner owner)
    {
        _rows.Remove(owner);
        foreach (var key in _books.Keys)
            Remove(key, owner);
    }

    private void Remove(BackendKey key, SlotOwner owner)
    {
        var book = _books[key];
        book.Remove(owner);
        if (book.IsEmpty)
            _books.Remove(key);
    }

    private sealed class Row
    {
        public long Sequence;
        public TimeSpan ExpiresAt;
        public bool IsConfirmed;
        public bool HasLeft;
    }
}
