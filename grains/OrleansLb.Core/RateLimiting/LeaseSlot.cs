namespace OrleansLb.Core.RateLimiting;

/// <summary>One lease at its holder. The word is shared with the threads that spend; the rest belongs to the renewing one.</summary>
internal struct LeaseSlot
{
    /// <summary>Low half: tokens left. High half: changes whenever tokens are counted or replaced, so that nothing is put back after.</summary>
    public long Word;

    /// <summary>Ticks of the moment from which nothing may be spent.</summary>
    public long Deadline;

    /// <summary>Epoch of the lease.</summary>
    public long Epoch;

    /// <summary>Identity of the lease in its epoch; 0 for a free slot.</summary>
    public long GrantId;

    /// <summary>Tokens of the lease.</summary>
    public int Amount;

    /// <summary>Tokens given back, counted before they are reported.</summary>
    public int Returned;

    /// <summary>Leaky bucket: ticks at which each of its turns is, rising; the last as many as there are tokens left are free.</summary>
    public long[]? Turns;

    /// <summary>Sliding log: ticks until when the newest of the spent tokens was spent, or a little later.</summary>
    public long SpentUntil;

    /// <summary>Whether the report now under way accounts for every token.</summary>
    public bool IsClosing;

    /// <summary>Moment from which tokens that will not be needed are given back.</summary>
    public TimeSpan SurplusAt;
}
