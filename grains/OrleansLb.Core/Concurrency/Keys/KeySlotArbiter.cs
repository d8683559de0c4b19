using OrleansLb.Core.RateLimiting;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Core.Concurrency.Keys;

/// <summary>
/// Hands out the slots of one range's keys as leases, which last for as long as the front-end is heard of. For one caller at a time. At every moment the requests that
/// front-ends may have under leases that have not ended are at most the limit of each key, under loss, delay, repetition and reordering of messages, the
/// death of front-ends and clocks that differ by <see cref="LimitRule.ClockRateTolerance"/>; and under its own death, if the activation before it
/// answers nobody after this one began.
/// </summary>
public sealed class KeySlotArbiter
{
    // Of a limit that has fewer for each front-end, slots in reserve are slots that others lack.
    private const int LeastEach = 4;

    private readonly Dictionary<SlotOwner, Row> _rows = [];
    private readonly Dictionary<RateLimitKey, SlotBook> _books = [];
    private readonly TimeSpan _startedAt;
    private LimitRule _rule;
    private int _capacity;
    private int _registered = 1;

    /// <summary>A new activation.</summary>
    /// <param name="rule">The policy's numbers.</param>
    /// <param name="epoch">Higher than that of any activation before; raised further if a front-end says otherwise.</param>
    /// <param name="capacity">Most keys of which anything is handed out at once.</param>
    /// <param name="told">What front-ends say that they hold. From then on they refuse answers of activations before.</param>
    /// <param name="isEverybody">Whether nobody else can hold anything.</param>
    /// <param name="now">The time, at which the activation before has stopped answering.</param>
    public KeySlotArbiter(LimitRule rule, long epoch, int capacity, IReadOnlyCollection<KeySlotRecall> told, bool isEverybody, TimeSpan now)
    {
        ArgumentNullException.ThrowIfNull(told);
        (_rule, _capacity, _startedAt) = (rule, capacity, now);
        Epoch = Math.Max(epoch, told.Select(static recall => recall.NewestEpoch).DefaultIfEmpty().Max() + 1);
        foreach (var recall in told)
            Restore(recall.Report, now);
        IsComplete = isEverybody;
    }

    /// <summary>Identity of this activation; higher is newer.</summary>
    public long Epoch { get; private set; }

    /// <summary>Whether it is known what everybody holds. Until then front-ends keep what they say they have, and nobody gets more.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Keys of which somebody holds or wants slots.</summary>
    public int KeyCount => _books.Count;

    /// <summary>Takes over new numbers of the policy. What is held beyond a lower limit goes back as its requests end.</summary>
    /// <param name="rule">The policy's numbers.</param>
    /// <param name="capacity">Most keys of which anything is handed out at once.</param>
    public void Reconfigure(LimitRule rule, int capacity) => (_rule, _capacity) = (rule, capacity);

    /// <summary>Notes how many front-ends there are.</summary>
    /// <param name="registered">Every registered one, and those that vanished and may serve a share.</param>
    public void Observe(int registered) => _registered = registered;

    /// <summary>Takes a report and answers it.</summary>
    /// <param name="report">The report.</param>
    /// <param name="now">The time.</param>
    /// <returns>The answer; <see langword="null"/> when the report is not newer than one before it.</returns>
    public KeySlotAnswer? Handle(KeySlotReport report, TimeSpan now)
    {
        ArgumentNullException.ThrowIfNull(report);
        Expire(now);
        var owner = new SlotOwner(report.FrontendId, report.Incarnation);
        if (!_rows.TryGetValue(owner, out var row))
            _rows[owner] = row = new Row();
        if (report.Sequence <= row.Sequence)
            return null;

        row.Sequence = report.Sequence;
        row.ExpiresAt = now + SlotLease.Ttl;
        Epoch = Math.Max(Epoch, report.LeastEpoch);
        if (report.IsWhole)
            ForgetUnnamed(owner, report.Claims);
        return new KeySlotAnswer
        {
            Epoch = Epoch,
            Sequence = report.Sequence,
            ShareParts = Math.Max(1, _registered),
            IsComplete = IsComplete,
            Grants = Array.ConvertAll(report.Claims, claim => Answer(owner, claim, now)),
        };
    }

    /// <summary>Ends the leases of front-ends that have been silent for a lease. Due about every second.</summary>
    /// <param name="now">The time.</param>
    public void Expire(TimeSpan now)
    {
        // By then every lease of an activation before has ended, or was told here.
        IsComplete |= now - _startedAt >= SlotLease.Ttl;
        foreach (var (owner, row) in _rows)
        {
            if (now >= row.ExpiresAt)
                Forget(owner);
        }
    }

    /// <summary>The keys of which most is held, the most first.</summary>
    /// <param name="count">How many at most.</param>
    public KeyUsage[] MostUsed(int count) =>
        [.. _books.Select(each => UsageOf(each.Key, each.Value)).Where(static usage => usage.Used > 0).OrderByDescending(static usage => usage.Used).Take(count)];

    /// <summary>How much of one key is held; <see langword="null"/> when nobody holds or wants any.</summary>
    /// <param name="key">The key.</param>
    public KeyUsage? Find(RateLimitKey key) => _books.TryGetValue(key, out var book) ? UsageOf(key, book) : null;

    // Nobody knows when a request ends.
    private KeyUsage UsageOf(RateLimitKey key, SlotBook book) => new(key, book.Occupied, new LimitQuota(LeftOf(book), TimeSpan.MaxValue));

    private int LeftOf(SlotBook book) => (int)Math.Max(0, _rule.PermitLimit - book.Occupied);

    private void Restore(KeySlotReport report, TimeSpan now)
    {
        var owner = new SlotOwner(report.FrontendId, report.Incarnation);
        _rows[owner] = new Row { Sequence = report.Sequence, ExpiresAt = now + SlotLease.Ttl };
        foreach (ref readonly var claim in report.Claims.AsSpan())
        {
            if (claim.Numbers.IsNone)
                continue;
            if (!_books.TryGetValue(claim.Key, out var book))
                _books[claim.Key] = book = new SlotBook();
            book.Claim(owner, claim.Numbers, isRestoring: true, now);
        }
    }

    private KeySlotGrant Answer(SlotOwner owner, in KeySlotClaim claim, TimeSpan now)
    {
        var numbers = claim.Numbers;
        if (BookOf(claim) is not { } book)
            return new KeySlotGrant(0, IsScarce: !numbers.IsNone, MayKeep: false, numbers.IsNone ? _rule.PermitLimit : 0);
        book.Claim(owner, numbers, !IsComplete, now);
        var grant = Grant(owner, book, numbers, now);
        if (numbers.IsNone)
            book.Remove(owner);
        if (book.IsEmpty)
            _books.Remove(claim.Key);
        return grant;
    }

    private KeySlotGrant Grant(SlotOwner owner, SlotBook book, in SlotNumbers numbers, TimeSpan now)
    {
        if (!IsComplete)
            return new KeySlotGrant(Math.Min(_rule.PermitLimit, book.Keep(owner)), numbers.Waiting > 0, MayKeep: false, LeftOf(book));
        var mayKeep = MayKeep(numbers);
        var (amount, isScarce) = book.Grant(owner, _rule.PermitLimit, holders: 0, mayKeep, now);
        if (!mayKeep)
            book.KeepWaiting(owner, amount, _rule.QueueLimit);
        return new KeySlotGrant(amount, isScarce, mayKeep, LeftOf(book));
    }

    private bool MayKeep(in SlotNumbers numbers) => numbers.Recent > 0 && _rule.Mode switch
    {
        RateLimitMode.Leased => true,
        RateLimitMode.Auto => _rule.PermitLimit >= LeastEach * _registered,
        _ => false,
    };

    // What somebody has is counted whatever the table holds, or it would be handed out once more.
    private SlotBook? BookOf(in KeySlotClaim claim)
    {
        if (_books.TryGetValue(claim.Key, out var book))
            return book;
        if (claim.Numbers.IsNone || (_books.Count >= _capacity && claim.Numbers is { Held: <= 0, InUse: <= 0 }))
            return null;
        return _books[claim.Key] = new SlotBook();
    }

    private void ForgetUnnamed(SlotOwner owner, KeySlotClaim[] claims)
    {
        var named = claims.Select(static claim => claim.Key).ToHashSet();
        Remove(owner, key => !named.Contains(key));
    }

    private void Forget(SlotOwner owner)
    {
        _rows.Remove(owner);
        Remove(owner, static _ => true);
    }

    private void Remove(SlotOwner owner, Func<RateLimitKey, bool> isAmong)
    {
        foreach (var (key, book) in _books)
        {
            if (!isAmong(key))
                continue;
            book.Remove(owner);
            if (book.IsEmpty)
                _books.Remove(key);
        }
    }

    private sealed class Row
    {
        public long Sequence;
        public TimeSpan ExpiresAt;
    }
}
