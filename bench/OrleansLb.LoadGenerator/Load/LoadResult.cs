using OrleansLb.Reports;

namespace OrleansLb.LoadGenerator.Load;

/// <summary>What became of a load.</summary>
/// <param name="Answered">Requests that were answered with 200.</param>
/// <param name="Failed">Requests that were answered with another status, or whose connection broke.</param>
/// <param name="Unanswered">Requests that were due and got no answer until a while after the end; the histogram has how long they had waited by then.</param>
/// <param name="Elapsed">From the first request that was due to the last answer.</param>
/// <param name="Times">Milliseconds from when each was due.</param>
/// <param name="FirstFailure">What the first failure was; <see langword="null"/> without any.</param>
public sealed record LoadResult(long Answered, long Failed, long Unanswered, TimeSpan Elapsed, TimeHistogram Times, string? FirstFailure)
{
    /// <summary>Answers a second.</summary>
    public double Throughput => Answered / Elapsed.TotalSeconds;
}
