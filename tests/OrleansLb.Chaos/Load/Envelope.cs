namespace OrleansLb.Chaos.Load;

/// <summary>
/// Checks what a limit admitted against what it may admit in any interval. The decision about a request fell somewhere between when it
/// was due and when its response came, so an interval is charged only with requests that lie in it as a whole: a breach is a breach,
/// however late the client's clock was read.
/// </summary>
public static class Envelope
{
    /// <summary>The worst breach of <c>burst + rate x</c> over all intervals x; zero or less when there is none.</summary>
    /// <param name="admitted">Requests that were admitted.</param>
    /// <param name="burst">Tokens that may be spent at once.</param>
    /// <param name="rate">Tokens a second.</param>
    public static double WorstExcess(IEnumerable<RequestOutcome> admitted, double burst, double rate)
    {
        // An interval is worth a look if it begins with the start of a request and ends with the end of one. Ends are passed in order, and the tree holds, for
        // each start that it may begin with, how many lie in it and what the rate takes off: n log n, so that hours can be judged.
        var byStart = admitted.OrderBy(static outcome => outcome.At).ToArray();
        var begins = new HighestOfRanges(byStart.Length);
        var worst = double.NegativeInfinity;
        foreach (var place in Enumerable.Range(0, byStart.Length).OrderBy(place => byStart[place].AnsweredAt))
        {
            begins.Set(place, rate * byStart[place].At.TotalSeconds);
            begins.AddUpTo(place, 1);
            worst = Math.Max(worst, begins.Highest - burst - (rate * byStart[place].AnsweredAt.TotalSeconds));
        }

        return worst;
    }

    /// <summary>The most requests in any interval of one length.</summary>
    public static int MostIn(IEnumerable<RequestOutcome> admitted, TimeSpan window) =>
        (int)Worst(admitted, (count, length) => length <= window ? count : 0);

    /// <summary>The times between two admissions, and those before the first and after the last.</summary>
    public static IEnumerable<TimeSpan> Gaps(IEnumerable<RequestOutcome> admitted, TimeSpan from, TimeSpan to)
    {
        var last = from;
        foreach (var at in admitted.Select(static outcome => outcome.At).Where(at => at >= from && at <= to).Order().Append(to))
        {
            yield return at - last;
            last = at;
        }
    }

    private static double Worst(IEnumerable<RequestOutcome> admitted, Func<int, TimeSpan, double> measure)
    {
        var byEnd = admitted.Select(static outcome => (Start: outcome.At, End: outcome.At + outcome.Duration)).OrderBy(static span => span.End).ToArray();
        var worst = double.NegativeInfinity;
        foreach (var first in byEnd)
        {
            var count = 0;
            foreach (var (start, end) in byEnd)
            {
                if (start >= first.Start)
                    worst = Math.Max(worst, measure(++count, end - first.Start));
            }
        }

        return worst;
    }
}
