namespace OrleansLb.Grains.Frontends;

/// <summary>
/// Into how many parts of every limit, of which one is its own, a front-end may believe a limit to be divided: what it said last, or
/// what it was told since, because each of those replies may or may not have arrived.
/// </summary>
internal struct FrontendShare
{
    private int _reliedOn;
    private int _toldSince;

    /// <summary>The smallest number of parts, which is the largest share; 0 when it was never told any.</summary>
    public readonly int Smallest => Smaller(_reliedOn, _toldSince);

    /// <summary>Takes what the front-end says; it had received no later reply when it said so.</summary>
    public void ReliedOn(int parts)
    {
        // The reply to the heartbeat before may still be under way.
        _reliedOn = Smaller(parts, _toldSince);
        _toldSince = 0;
    }

    /// <summary>Notes what it is told now.</summary>
    public int Tell(int parts)
    {
        _toldSince = Smaller(_toldSince, parts);
        return parts;
    }

    private static int Smaller(int one, int other) => one == 0 ? other : other == 0 ? one : Math.Min(one, other);
}
