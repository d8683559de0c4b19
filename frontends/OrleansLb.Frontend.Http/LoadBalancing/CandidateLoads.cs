using OrleansLb.Frontend.Pools;

namespace OrleansLb.Frontend.Http.LoadBalancing;

/// <summary>
/// Reads the loads of all candidates at once, where the pool has them side by side: its board of what is in flight here, and the snapshot of the others'. Candidates
/// are in the pool's order, so that those of a whole pool are one piece.
/// </summary>
internal sealed class CandidateLoads
{
    private readonly FrontendPool? _pool;
    private readonly PickRun[] _runs;

    /// <param name="pool">The pool; <see langword="null"/> when this front-end has none of that name yet.</param>
    /// <param name="indexes">Per candidate its position in the pool, ascending; what the pool does not know, the rest after them, has a negative one.</param>
    public CandidateLoads(FrontendPool? pool, int[] indexes) => (_pool, _runs) = (pool, [.. RunsOf(indexes)]);

    /// <summary>Fills in each candidate's load as the pickers want it, with the request to place.</summary>
    public void Fill(in LoadView view, Span<double> loads)
    {
        var filled = 0;
        foreach (var run in _runs)
        {
            var own = _pool!.Board.Loads.Slice(run.Index, run.Length);
            var part = loads.Slice(run.Place, run.Length);
            if (view.Foreign is { } foreign)
                view.Outlook.Loads(foreign, run.Index, own, part);
            else
                AddOne(own, part);
            filled += run.Length;
        }

        loads[filled..].Fill(1);
    }

    /// <summary>Fills in each candidate's load as the other front-ends know it.</summary>
    public void FillKnown(in LoadView view, Span<double> known)
    {
        var filled = 0;
        foreach (var run in _runs)
        {
            if (view.Foreign is { } foreign)
                view.Outlook.Knowns(foreign, run.Index, known.Slice(run.Place, run.Length));
            else
                known.Slice(run.Place, run.Length).Fill(1);
            filled += run.Length;
        }

        known[filled..].Fill(1);
    }

    private static void AddOne(ReadOnlySpan<double> own, Span<double> loads)
    {
        for (var i = 0; i < own.Length; i++)
            loads[i] = 1 + own[i];
    }

    private static IEnumerable<PickRun> RunsOf(int[] indexes)
    {
        for (var (start, end) = (0, 1); start < indexes.Length && indexes[start] >= 0; (start, end) = (end, end + 1))
        {
            while (end < indexes.Length && indexes[end] == indexes[end - 1] + 1)
                end++;
            yield return new PickRun(start, indexes[start], end - start);
        }
    }
}
