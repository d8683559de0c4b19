namespace OrleansLb.Core.Concurrency;

/// <summary>What a pool knows of one front-end at one backend.</summary>
internal sealed class SlotHolding
{
    /// <summary>The most requests that it may begin to have there, by any answer that it may still act on.</summary>
    public int Bound;

    /// <summary>Requests that it last said it has there.</summary>
    public int InUse;

    /// <summary>Requests that it last said wait.</summary>
    public int Waiting;

    /// <summary>What it used a short while before.</summary>
    public int Recent;

    /// <summary>When it last came by a first slot.</summary>
    public TimeSpan? TurnBegan;

    /// <summary>When it last reported.</summary>
    public TimeSpan HeardAt;

    /// <summary>Slots that nobody else may have.</summary>
    public int Occupied => Math.Max(Bound, InUse);
}
