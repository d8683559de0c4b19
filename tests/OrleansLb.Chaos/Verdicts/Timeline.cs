namespace OrleansLb.Chaos.Verdicts;

/// <summary>A run, cut into pieces of equal length.</summary>
public static class Timeline
{
    /// <summary>Requests belong to the piece in which they were due.</summary>
    /// <param name="run">The run.</param>
    /// <param name="piece">Length of each.</param>
    public static IReadOnlyList<TimelinePiece> Of(RunRecord run, TimeSpan piece)
    {
        ArgumentNullException.ThrowIfNull(run);
        var outcomes = run.Outcomes.ToLookup(outcome => (int)(outcome.At / piece));
        return [.. Enumerable.Range(0, (int)Math.Ceiling(run.Length / piece)).Select(number => TimelinePiece.Of(run, number * piece, piece, [.. outcomes[number]]))];
    }
}
