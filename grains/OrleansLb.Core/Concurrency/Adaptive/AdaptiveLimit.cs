using OrleansLb.Core.Balancing.Exchange;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Core.Concurrency.Adaptive;

/// <summary>
/// The limit of one backend: what answers take when few requests are there, divided by what they take now, is how much of the limit is of use. Queries of a backend that is full wait within it, so that
/// more of them at once make all slower and none more. The arithmetic is that of Envoy's gradient controller; means take the place of its percentiles, as they can be summed over front-ends.
/// </summary>
/// <param name="initial">What the limit begins with.</param>
/// <param name="most">What the limit may not exceed.</param>
/// <param name="now">Monotonic time.</param>
internal sealed class AdaptiveLimit(int initial, int most, TimeSpan now)
{
    /// <summary>Answers without which nothing is concluded: a mean of fewer says more of chance than of the backend.</summary>
    internal const int FewestAnswers = 10;

    // As Envoy's: one look takes no more than half of a limit, and gives no more than as much again.
    private const double LeastGradient = 0.5;
    private const double MostGradient = 2;

    // A limit of which less is used is not what slows a backend down, nor what holds requests up.
    private const double LeastUse = 0.5;

    // Envoy's number too: who is at the least so often is slower for good, or was measured in a lucky moment.
    private const int LooksAtLeast = 5;

    private static readonly TimeSpan LongestEmptying = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestMeasuring = TimeSpan.FromSeconds(10);

    // Until every front-end has heard of the lower limit and told what it has: longer than its exchanges of both are apart.
    private static readonly TimeSpan ShortestEmptying = TimeSpan.FromMilliseconds(500);

    private double _limit = initial;
    private int _most = most;
    private int _looksAtLeast;
    private TimeSpan _phaseBegan;
    private OutcomeCounters _since;
    private long _heads;
    private bool _isAsked;
    private bool _wasUsed;

    /// <summary>What is done with it.</summary>
    public AdaptivePhase Phase { get; private set; }

    /// <summary>When the quickest answers are to be measured next: at once for a backend of which nothing is known.</summary>
    public TimeSpan MeasureAt { get; private set; } = now;

    /// <summary>Mean time of its quickest answers; zero before they were measured.</summary>
    public TimeSpan Quickest { get; private set; }

    /// <summary>Mean time of the answers that were looked at last.</summary>
    public TimeSpan Recent { get; private set; }

    /// <summary>Requests that the backend takes at once now.</summary>
    /// <param name="settings">The settings.</param>
    public int Current(AdaptiveConcurrencyDefinition settings) =>
        Phase == AdaptivePhase.Following ? (int)Math.Clamp(_limit, Math.Min(settings.MinConcurrency, _most), _most) : Math.Min(settings.MinConcurrency, _most);

    /// <summary>Whether its limit should be lowered for its quickest answers to be measured: it is time, and it has answers to give.</summary>
    /// <param name="at">Monotonic time.</param>
    public bool IsDue(TimeSpan at) => at >= MeasureAt && _isAsked;

    /// <summary>Begins to measure.</summary>
    /// <param name="at">Monotonic time.</param>
    public void Measure(TimeSpan at) => (Phase, _phaseBegan, _looksAtLeast) = (AdaptivePhase.Emptying, at, 0);

    /// <summary>Looks at what came of requests.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="limit">What the limit may not exceed.</param>
    /// <param name="counters">What came of all requests so far.</param>
    /// <param name="inFlight">Requests that are there.</param>
    /// <param name="next">When to measure again, if it has been now.</param>
    /// <param name="at">Monotonic time.</param>
    public void Look(AdaptiveConcurrencyDefinition settings, int limit, in OutcomeCounters counters, int inFlight, TimeSpan next, TimeSpan at)
    {
        _most = limit;
        _isAsked = counters.Heads != _heads;
        _heads = counters.Heads;
        switch (Phase)
        {
            case AdaptivePhase.Following:
                Follow(settings, counters, inFlight, at);
                break;
            case AdaptivePhase.Emptying when inFlight <= Current(settings) && at - _phaseBegan >= ShortestEmptying:
                (Phase, _phaseBegan, _since) = (AdaptivePhase.Measuring, at, counters);
                break;
            case AdaptivePhase.Emptying when at - _phaseBegan >= LongestEmptying:
                // Something stays that long: the times of today are not to be had.
                Return(counters, next);
                break;
            case AdaptivePhase.Measuring when (counters - _since).Heads >= settings.MeasureRequests || at - _phaseBegan >= LongestMeasuring:
                TakeQuickest(counters - _since, Math.Min(settings.MeasureRequests, FewestAnswers));
                Return(counters, next);
                break;
        }
    }

    private void Follow(AdaptiveConcurrencyDefinition settings, in OutcomeCounters counters, int inFlight, TimeSpan at)
    {
        _wasUsed |= inFlight >= LeastUse * Current(settings);
        var grown = counters - _since;
        if (grown.Heads < FewestAnswers)
            return;
        (Recent, _since) = (grown.MeanHeadTime, counters);
        if (Quickest > TimeSpan.Zero && Recent > TimeSpan.Zero)
            Adapt(settings, Math.Clamp((1 + (settings.BufferPercent / 100.0)) * (Quickest / Recent), LeastGradient, MostGradient), at);
        _wasUsed = false;
    }

    private void Adapt(AdaptiveConcurrencyDefinition settings, double gradient, TimeSpan at)
    {
        // The square root lets a limit that is of use grow, and is what small limits need more of than large ones.
        var next = gradient * _limit;
        next += Math.Sqrt(next);
        if (next > _limit && !_wasUsed)
            return;
        var least = Math.Min(settings.MinConcurrency, _most);
        _limit = Math.Clamp(next, least, _most);
        _looksAtLeast = _limit <= least ? _looksAtLeast + 1 : 0;
        if (_looksAtLeast >= LooksAtLeast && least < _most)
            MeasureAt = at;
    }

    private void TakeQuickest(in OutcomeCounters grown, int fewest)
    {
        if (grown.Heads >= fewest && grown.MeanHeadTime > TimeSpan.Zero)
            Quickest = grown.MeanHeadTime;
    }

    private void Return(in OutcomeCounters counters, TimeSpan next) => (Phase, MeasureAt, _since, _wasUsed) = (AdaptivePhase.Following, next, counters, false);
}
