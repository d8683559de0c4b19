namespace OrleansLb.Core.Balancing;

/// <summary>
/// One round of smooth weighted round robin, worked out beforehand: the order in which nginx would pick (weights 5, 1, 1 give a a b a c a a), so that
/// a heavy backend's turns are spread over the round. A request then needs its turn and one memory access. Immutable; read by any number of threads.
/// </summary>
public sealed class WeightedRoundRobinSchedule
{
    /// <summary>The longest round of weights that are whole multiples of a unit; others are rounded to fewer turns.</summary>
    public const int LongestExact = 65_536;

    private readonly int[] _order;

    private WeightedRoundRobinSchedule(int[] order) => _order = order;

    /// <summary>Turns of a round.</summary>
    public int Length => _order.Length;

    /// <summary>The backends' indexes in the order of their turns.</summary>
    public ReadOnlySpan<int> Order => _order;

    /// <summary>
    /// Works out a round. Not for the request path: the time is the round's length times the backends, about 1 us for 10 equal backends, 1 ms for
    /// 10 unlike ones and at most 0.1 s for 5,000; memory is 4 bytes a turn.
    /// </summary>
    /// <param name="weights">
    /// Per backend its weight, taken as by <see cref="PickWeight"/>. If they are whole multiples of some unit and the round is not longer than
    /// <see cref="LongestExact"/>, shares are exact. Else a round has 64 turns a backend (1,024 at least, 65,536 at most), and a backend's share
    /// is off by less than one turn of the round; a backend with a positive weight has at least one turn in it.
    /// </param>
    public static WeightedRoundRobinSchedule Build(ReadOnlySpan<double> weights)
    {
        var usable = new double[weights.Length];
        PickWeight.Fill(weights, usable);
        return new WeightedRoundRobinSchedule(SmoothRound.Of(RoundShares.Of(usable)));
    }

    /// <summary>The backend whose turn it is.</summary>
    /// <param name="turn">The turn to place: <see cref="PickTurn.Next"/>.</param>
    /// <returns>Index of the backend; -1 when there is none.</returns>
    public int Pick(ulong turn)
    {
        var order = _order;
        return order.Length == 0 ? -1 : order[(int)(turn % (ulong)order.Length)];
    }
}
