using OrleansLb.Core.Snapshots;

namespace OrleansLb.Core.RateLimiting;

/// <summary>
/// One lease at its holder. What spends and gives back may be called by any thread, takes no lock and allocates nothing; the rest belongs to the thread
/// that renews.
/// </summary>
internal struct LeaseSlot
{
    private const long TagStep = 1L << 32;

    // Low half: tokens left. High half: changes whenever tokens are counted or replaced, so that nothing is put back after.
    private long _word;

    // Ticks of the moment from which nothing may be spent.
    private long _deadline;

    private long _epoch;
    private long _grantId;
    private int _amount;

    // Given back, counted before it is reported.
    private int _returned;

    // Leaky bucket: ticks at which each of the lease's turns is, rising; the last as many as there are tokens left are free.
    private long[]? _turns;

    // Sliding log: ticks until when the newest of the spent tokens was spent, or a little later.
    private long _spentUntil;

    /// <summary>Whether there is no lease in it.</summary>
    public readonly bool IsFree => _grantId == 0;

    /// <summary>Whether the report now under way accounts for every token.</summary>
    public bool IsClosing { get; private set; }

    /// <summary>Moment from which tokens that will not be needed are given back.</summary>
    public TimeSpan SurplusAt { get; private set; }

    /// <summary>Whether nothing may be spent any more.</summary>
    public readonly bool IsOver(TimeSpan now) => now.Ticks >= Volatile.Read(in _deadline);

    /// <summary>Tokens that can be spent.</summary>
    public readonly int Left(TimeSpan now)
    {
        var word = Volatile.Read(in _word);
        return IsOver(now) ? 0 : TokensOf(word) - Passed(word, now);
    }

    /// <summary>Spends tokens if there are enough.</summary>
    /// <param name="now">The time.</param>
    /// <param name="cost">How many.</param>
    /// <param name="algorithm">The policy's.</param>
    /// <param name="delay">Leaky bucket: how long until their turn.</param>
    /// <param name="taken">What <see cref="PutBack"/> takes; zero for turns, which cannot come back.</param>
    public bool TryTake(TimeSpan now, int cost, RateLimitAlgorithm algorithm, out TimeSpan delay, out long taken)
    {
        delay = TimeSpan.Zero;
        taken = 0;
        while (true)
        {
            var word = Volatile.Read(ref _word);
            var passed = Passed(word, now);
            if (TokensOf(word) - passed < cost || IsOver(now))
                return false;
            if (algorithm == RateLimitAlgorithm.LeakyBucket)
                delay = DelayOf(word, passed, now);
            if (algorithm == RateLimitAlgorithm.SlidingWindowLog)
                Date(now);
            if (Interlocked.CompareExchange(ref _word, word - passed - cost, word) != word)
                continue;
            taken = algorithm == RateLimitAlgorithm.LeakyBucket ? 0 : Taken(word, cost);
            return true;
        }
    }

    /// <summary>Spends as many tokens as there are, unless another thread is faster.</summary>
    /// <param name="now">The time.</param>
    /// <param name="most">Most that are wanted.</param>
    /// <param name="algorithm">The policy's.</param>
    /// <param name="taken">What <see cref="PutBack"/> takes.</param>
    /// <returns>How many.</returns>
    public int TakeSome(TimeSpan now, int most, RateLimitAlgorithm algorithm, out long taken)
    {
        taken = 0;
        var word = Volatile.Read(ref _word);
        var part = Math.Min(most, TokensOf(word));
        if (algorithm == RateLimitAlgorithm.SlidingWindowLog)
            Date(now);
        if (part == 0 || IsOver(now) || Interlocked.CompareExchange(ref _word, word - part, word) != word)
            return 0;
        taken = Taken(word, part);
        return part;
    }

    /// <summary>
    /// Puts tokens back if nobody counted in between: a report that calls a token spent frees its place at the grain, so the token must then stay gone.
    /// </summary>
    public void PutBack(long taken)
    {
        while (TokensOf(taken) > 0)
        {
            var word = Volatile.Read(ref _word);
            if ((word ^ taken) >> 32 != 0 || Interlocked.CompareExchange(ref _word, word + TokensOf(taken), word) == word)
                return;
        }
    }

    /// <summary>Counts and withdraws what is left beyond what is needed in one step: the tag changes with it.</summary>
    /// <param name="now">The time.</param>
    /// <param name="demand">What is needed until the lease ends.</param>
    /// <param name="algorithm">The policy's.</param>
    public GrantReport Report(TimeSpan now, in LeaseDemand demand, RateLimitAlgorithm algorithm)
    {
        // Others were given turns behind these, so none goes back; those that nobody came for are gone.
        var keepsAll = now < SurplusAt || algorithm == RateLimitAlgorithm.LeakyBucket;
        var keep = keepsAll ? int.MaxValue : demand.Within(TimeSpan.FromTicks(_deadline) - now);
        int left;
        int surplus;
        long word;
        long counted;
        do
        {
            word = Volatile.Read(ref _word);
            var passed = Passed(word, now);
            left = TokensOf(word) - passed;
            surplus = Math.Max(0, left - keep);
            counted = unchecked(word + TagStep) - passed - surplus;
        }
        while (Interlocked.CompareExchange(ref _word, counted, word) != word);

        _returned += surplus;
        IsClosing = left == surplus;
        var age = now - TimeSpan.FromTicks(Volatile.Read(ref _spentUntil));
        return new GrantReport(_epoch, _grantId, _amount - _returned - (left - surplus), _returned)
        {
            SpentAge = algorithm == RateLimitAlgorithm.SlidingWindowLog && age > TimeSpan.Zero ? age : TimeSpan.Zero,
        };
    }

    /// <summary>Puts a lease in. A thread that read the old word must not see what belongs to the new one, hence empty first, tokens last.</summary>
    /// <param name="grant">The lease.</param>
    /// <param name="epoch">Epoch of the reply that carried it.</param>
    /// <param name="turns">Ticks of its turns; <see langword="null"/> but for a leaky bucket.</param>
    /// <param name="surplusAt">Moment from which it gives back.</param>
    /// <param name="deadline">Moment from which nothing may be spent.</param>
    public void Install(in LeaseGrant grant, long epoch, long[]? turns, TimeSpan surplusAt, TimeSpan deadline)
    {
        var tag = Empty();
        _epoch = epoch;
        _grantId = grant.GrantId;
        _amount = grant.Amount;
        _returned = 0;
        SurplusAt = surplusAt;
        Volatile.Write(ref _spentUntil, 0);
        Volatile.Write(ref _turns, turns);
        Volatile.Write(ref _deadline, deadline.Ticks);
        Interlocked.Exchange(ref _word, tag | (uint)grant.Amount);
    }

    /// <summary>Ends the lease.</summary>
    public void Free()
    {
        Empty();
        _grantId = 0;
        IsClosing = false;
    }

    private static int TokensOf(long word) => (int)(word & int.MaxValue);

    // What putting back needs: how many, and the tag under which they were taken.
    private static long Taken(long word, int cost) => (word & ~(TagStep - 1)) | (uint)cost;

    // Turns of the lease that nobody came for. What is read here belongs to the word only if the word is still the same afterwards.
    private readonly int Passed(long word, TimeSpan now)
    {
        if (Volatile.Read(in _turns) is not { } turns)
            return 0;
        var left = TokensOf(word);
        var passed = 0;
        for (var index = turns.Length - left; passed < left && index >= 0 && turns[index] < now.Ticks; index++)
            passed++;
        return passed;
    }

    private readonly TimeSpan DelayOf(long word, int passed, TimeSpan now)
    {
        var turns = Volatile.Read(in _turns) ?? [];
        var index = turns.Length - TokensOf(word) + passed;
        return (uint)index < (uint)turns.Length ? TimeSpan.FromTicks(turns[index]) - now : TimeSpan.Zero;
    }

    // Before the tokens are taken, so that whoever counts them as spent sees it. In whole milliseconds, so that most find it noted.
    private void Date(TimeSpan now)
    {
        var until = (now.Ticks / TimeSpan.TicksPerMillisecond * TimeSpan.TicksPerMillisecond) + TimeSpan.TicksPerMillisecond;
        var known = Volatile.Read(ref _spentUntil);
        while (until > known && Interlocked.CompareExchange(ref _spentUntil, until, known) is var seen && seen != known)
            known = seen;
    }

    private long Empty()
    {
        long word;
        long tag;
        do
        {
            word = Volatile.Read(ref _word);
            tag = unchecked(word + TagStep) & ~(TagStep - 1);
        }
        while (Interlocked.CompareExchange(ref _word, tag, word) != word);
        return tag;
    }
}
