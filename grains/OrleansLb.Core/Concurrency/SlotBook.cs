namespace OrleansLb.Core.Concurrency;

/// <summary>The slots of one backend at its pool, or of one key at its range: who holds how many, and who should.</summary>
internal sealed class SlotBook
{
    /// <summary>A front-end that has not reported for longer is taken to need what it holds and no more: it may be dead.</summary>
    private static readonly TimeSpan DemandLife = TimeSpan.FromMilliseconds(500);

    // Passing a slot on costs an exchange of each side; with many front-ends to one slot each must still have a turn before its requests give up.
    private static readonly TimeSpan LongestTurn = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan ShortestTurn = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(1);

    // Multiples of it are spread over 0 to 1 more evenly than those of any other number.
    private const double GoldenRatio = 0.6180339887498949;
    private static readonly TimeSpan PhaseTime = TimeSpan.FromMilliseconds(500);

    private readonly SortedList<SlotOwner, SlotHolding> _holdings = new(Comparer<SlotOwner>.Create(static (left, right) =>
        string.CompareOrdinal(left.FrontendId, right.FrontendId) is var order and not 0 ? order : left.Incarnation.CompareTo(right.Incarnation)));

    private SlotDemand[] _demands = [];
    private int[] _targets = [];

    /// <summary>Whether nobody holds or wants anything.</summary>
    public bool IsEmpty => _holdings.Count == 0;

    /// <summary>Front-ends that hold or want any.</summary>
    public int Count => _holdings.Count;

    /// <summary>Slots that are held or in use.</summary>
    public long Occupied => _holdings.Values.Sum(static holding => (long)holding.Occupied);

    /// <summary>Everybody's holdings.</summary>
    public IEnumerable<KeyValuePair<SlotOwner, SlotHolding>> Holdings => _holdings;

    /// <summary>Takes what a front-end says.</summary>
    /// <param name="owner">The front-end.</param>
    /// <param name="numbers">What it says.</param>
    /// <param name="isRestoring">
    /// Whether it is believed beyond what was granted here: an activation before may have granted it.
    /// </param>
    /// <param name="now">The time.</param>
    public void Claim(SlotOwner owner, in SlotNumbers numbers, bool isRestoring, TimeSpan now)
    {
        if (!_holdings.TryGetValue(owner, out var holding))
            _holdings[owner] = holding = new SlotHolding();
        var held = Sane(numbers.Held);
        // A message may be older than the end of the lease that it tells of.
        holding.Bound = isRestoring ? held : Math.Min(held, holding.Bound);
        holding.InUse = Sane(numbers.InUse);
        holding.Waiting = Sane(numbers.Waiting);
        holding.Recent = Sane(numbers.Recent);
        holding.HeardAt = now;
    }

    /// <summary>Decides what a front-end that has just claimed may have, and counts it as handed out.</summary>
    /// <param name="owner">The front-end.</param>
    /// <param name="limit">Slots that there are.</param>
    /// <param name="holders">Front-ends of the pool; 0 where only those count that are here.</param>
    /// <param name="givesSpare">Whether it may have more than it needs at this moment.</param>
    /// <param name="now">The time.</param>
    /// <returns>The slots, and whether somebody lacks some.</returns>
    public (int Amount, bool IsScarce) Grant(SlotOwner owner, int limit, int holders, bool givesSpare, TimeSpan now)
    {
        var index = _holdings.IndexOfKey(owner);
        var holding = _holdings.GetValueAtIndex(index);
        Divide(limit, holders, now);
        var others = 0L;
        var lacking = 0L;
        for (var i = 0; i < _holdings.Count; i++)
        {
            if (i == index)
                continue;
            var occupied = _holdings.GetValueAtIndex(i).Occupied;
            others += occupied;
            lacking += Math.Max(0, _targets[i] - occupied);
        }

        var target = givesSpare ? _targets[index] : Math.Min(_targets[index], _demands[index].Need);
        var amount = (int)Math.Clamp(limit - others, 0, target);
        if (amount > 0 && holding.Occupied == 0)
            holding.TurnBegan = now;
        holding.Bound = Math.Max(holding.Bound, amount);
        return (amount, amount < _demands[index].Need || lacking > Math.Max(0, limit - others - holding.Occupied));
    }

    /// <summary>Notes how many go on waiting at a front-end, of those that it was just not given slots for.</summary>
    /// <param name="owner">The front-end.</param>
    /// <param name="granted">What it was given.</param>
    /// <param name="queueLimit">How many may.</param>
    /// <returns>Whether it has and wants anything any more; if not, it is forgotten.</returns>
    public bool KeepWaiting(SlotOwner owner, int granted, int queueLimit)
    {
        var holding = _holdings[owner];
        holding.Waiting = Math.Clamp(holding.InUse + holding.Waiting - granted, 0, queueLimit);
        var isAny = holding.Occupied + holding.Waiting > 0;
        if (!isAny)
            Remove(owner);
        return isAny;
    }

    /// <summary>Lets a front-end keep what it says it has, while it is not known what others have.</summary>
    /// <param name="owner">The front-end.</param>
    public int Keep(SlotOwner owner) => _holdings[owner].Bound;

    /// <summary>Forgets a front-end.</summary>
    /// <param name="owner">The front-end.</param>
    public void Remove(SlotOwner owner) => _holdings.Remove(owner);

    private void Divide(int limit, int holders, TimeSpan now)
    {
        if (_demands.Length < _holdings.Count)
        {
            _demands = new SlotDemand[_holdings.Count * 2];
            _targets = new int[_holdings.Count * 2];
        }

        var claimants = _holdings.Values.Count(static holding => holding.InUse + holding.Waiting > 0);
        var turn = TimeSpan.FromTicks(Math.Clamp(Round.Ticks * limit / Math.Max(1, claimants), ShortestTurn.Ticks, LongestTurn.Ticks));
        for (var i = 0; i < _holdings.Count; i++)
            _demands[i] = DemandOf(_holdings.GetValueAtIndex(i), turn, now);
        var phase = now.Ticks / PhaseTime.Ticks * GoldenRatio;
        SlotDivision.Divide(limit, _demands.AsSpan(0, _holdings.Count), holders, phase - Math.Floor(phase), _targets.AsSpan(0, _holdings.Count));
    }

    private static SlotDemand DemandOf(SlotHolding holding, TimeSpan turn, TimeSpan now)
    {
        var isTold = now - holding.HeardAt <= DemandLife;
        var need = isTold ? holding.InUse + holding.Waiting : holding.Occupied;
        var extra = isTold ? Math.Max(0, holding.Recent - need) : 0;
        var goesOn = holding.Occupied > 0 && holding.TurnBegan is { } began && now - began < turn;
        return new SlotDemand(need, extra, goesOn ? long.MinValue : holding.TurnBegan?.Ticks ?? long.MinValue + 1);
    }

    // Far below where sums of two overflow.
    private static int Sane(int count) => Math.Clamp(count, 0, SlotLimit.Most);
}
