using OrleansLb.Core.Balancing;

namespace OrleansLb.Frontend.Http.Mirroring;

/// <summary>
/// Which requests of a route are copied, by turns as those of a divided route are dealt; and how many copies are in flight. It outlives configurations, so that what is in flight is not forgotten.
/// </summary>
internal sealed class MirrorShare
{
    // Of the two parts of a round.
    private const int Copied = 0;

    private readonly PickTurn _turn;
    private volatile Round _round;
    private int _inFlight;

    public MirrorShare(string frontendId, string route, double percent) => (_turn, _round) = (PickTurn.Of(frontendId, route), Round.Of(percent));

    /// <summary>Takes another share from now on.</summary>
    public void Become(double percent)
    {
        if (_round.Percent.CompareTo(percent) != 0)
            _round = Round.Of(percent);
    }

    /// <summary>Whether the next request is one of them.</summary>
    public bool TakesNext() => _round.Schedule.Pick(_turn.Next()) == Copied;

    /// <summary>Takes a place in flight, if there is one left.</summary>
    /// <param name="most">How many there are.</param>
    public bool TryEnter(int most)
    {
        if (Interlocked.Increment(ref _inFlight) <= most)
            return true;
        Leave();
        return false;
    }

    /// <summary>Gives it back.</summary>
    public void Leave() => Interlocked.Decrement(ref _inFlight);

    private sealed record Round(double Percent, WeightedRoundRobinSchedule Schedule)
    {
        public static Round Of(double percent) => new(percent, WeightedRoundRobinSchedule.Build([percent, 100 - percent]));
    }
}
