namespace OrleansLb.Core.Hashing;

/// <summary>
/// A weighted rendezvous in progress: offer each choice once, in any order, then read the winner. Callers that filter
/// their choices offer those that pass, without building a list of them.
/// </summary>
public struct RendezvousContest
{
    private readonly UInt128 _item;
    private double _cost;
    private ulong _key;
    private int _winner;

    /// <summary>Starts a contest without a winner.</summary>
    /// <param name="item">What a place is sought for, such as a session id.</param>
    public RendezvousContest(UInt128 item)
    {
        _item = item;
        _cost = double.PositiveInfinity;
        _winner = -1;
    }

    /// <summary>The index offered with the best choice so far; -1 while there is none.</summary>
    public readonly int Winner => _winner;

    /// <summary>Lets one choice take part.</summary>
    /// <param name="index">What <see cref="Winner"/> returns if it wins; 0 or more.</param>
    /// <param name="key">Identity of the choice.</param>
    /// <param name="weight">Share relative to the others; 0 or less never wins.</param>
    public void Offer(int index, BackendKey key, int weight)
    {
        if (weight <= 0)
            return;
        var draw = WeightedRendezvous.Draw(_item, key);
        // Most choices lose by so much that a lower bound of their logarithm says so; the logarithm is what takes the time.
        if (DeterministicLog.LeastNegativeLogOfFraction(draw) > _cost * weight)
            return;
        var cost = DeterministicLog.NegativeLogOfFraction(draw) / weight;
        // Equal costs are settled by the key, not by the order of the offers.
        if (cost < _cost || (cost == _cost && key.Value < _key))
            (_cost, _key, _winner) = (cost, key.Value, index);
    }
}
