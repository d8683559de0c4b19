using OrleansLb.Chaos.Load;

namespace OrleansLb.Chaos.Verdicts;

/// <summary>What became of the requests that were due in one piece of a run.</summary>
/// <param name="At">When it began.</param>
/// <param name="Sent">Requests.</param>
/// <param name="Answered">Answered by a backend.</param>
/// <param name="Refused">Refused by a limit.</param>
/// <param name="Explained">Failed because they were in flight at what was killed, cut or frozen.</param>
/// <param name="Failed">Failed without that.</param>
/// <param name="Median">Half of all took at most so many milliseconds from when they were due; not a number without any.</param>
/// <param name="P99">99 of 100 did.</param>
/// <param name="Most">All did.</param>
/// <param name="Faults">Faults that were there, by their titles.</param>
public sealed record TimelinePiece(
    TimeSpan At, int Sent, int Answered, int Refused, int Explained, int Failed, double Median, double P99, double Most, IReadOnlyList<string> Faults)
{
    internal static TimelinePiece Of(RunRecord run, TimeSpan at, TimeSpan length, IReadOnlyCollection<RequestOutcome> outcomes)
    {
        var times = outcomes.Select(static outcome => outcome.Duration.TotalMilliseconds).Order().ToArray();
        var failed = outcomes.Where(RequestPaths.Fails).ToList();
        var explained = failed.Count(outcome => RunVerdict.Explanation(outcome, run.Faults) is not null);
        return new TimelinePiece(
            at,
            outcomes.Count,
            outcomes.Count(static outcome => outcome.Status == 200),
            outcomes.Count - failed.Count - outcomes.Count(static outcome => outcome.Status == 200),
            explained,
            failed.Count - explained,
            Quantile(times, 0.5),
            Quantile(times, 0.99),
            Quantile(times, 1),
            [.. run.Faults.Where(fault => fault.Began < at + length && fault.Over >= at).Select(static fault => fault.Title)]);
    }

    private static double Quantile(double[] sorted, double share) => sorted.Length == 0 ? double.NaN : sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Length) - 1)];
}
