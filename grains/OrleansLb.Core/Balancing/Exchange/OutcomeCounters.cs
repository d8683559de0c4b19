namespace OrleansLb.Core.Balancing.Exchange;

/// <summary>
/// What came of the requests to one backend: of one front-end since its incarnation began, or summed over front-ends. Absolute and only
/// ever growing, so that a lost or repeated report loses and repeats nothing.
/// </summary>
/// <param name="Answers">Requests whose outcome says something of the backend: answered, or failed by it. A client that left is none.</param>
/// <param name="GatewayFailures">Of these: answered 502, 503 or 504, not connected, reset, or without an answer in time.</param>
/// <param name="ServerErrors">Of these: every 5xx, and every gateway failure.</param>
/// <param name="HeadTime">Sum of the times from sending a request to the head of its answer, over the <see cref="Heads"/>.</param>
public readonly record struct OutcomeCounters(long Answers, long GatewayFailures, long ServerErrors, TimeSpan HeadTime)
{
    /// <summary>Answers that are no server errors. Only their times count: what fails at once must not look quick.</summary>
    public long Heads => Answers - ServerErrors;

    /// <summary>Outcomes that end a run of gateway failures.</summary>
    public long Reached => Answers - GatewayFailures;

    /// <summary>Mean time to the head of an answer; zero when there was none.</summary>
    public TimeSpan MeanHeadTime => Heads > 0 ? HeadTime / Heads : TimeSpan.Zero;

    /// <summary>Whether counters could have grown from others.</summary>
    internal bool MayFollow(in OutcomeCounters earlier) =>
        Reached >= earlier.Reached && GatewayFailures >= earlier.GatewayFailures && ServerErrors >= earlier.ServerErrors && HeadTime >= earlier.HeadTime;

    /// <summary>Adds what was counted apart. Sums wrap rather than throw: only their differences matter.</summary>
    public static OutcomeCounters operator +(in OutcomeCounters left, in OutcomeCounters right) => new(
        left.Answers + right.Answers,
        left.GatewayFailures + right.GatewayFailures,
        left.ServerErrors + right.ServerErrors,
        new TimeSpan(left.HeadTime.Ticks + right.HeadTime.Ticks));

    /// <summary>What was counted since.</summary>
    public static OutcomeCounters operator -(in OutcomeCounters later, in OutcomeCounters earlier) => new(
        later.Answers - earlier.Answers,
        later.GatewayFailures - earlier.GatewayFailures,
        later.ServerErrors - earlier.ServerErrors,
        new TimeSpan(later.HeadTime.Ticks - earlier.HeadTime.Ticks));
}
