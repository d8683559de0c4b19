using OrleansLb.Core.Balancing;
using OrleansLb.Core.Balancing.Exchange;
using OrleansLb.Frontend.Pools;

namespace OrleansLb.Frontend.Http.LoadBalancing;

/// <summary>
/// Reads the loads of all candidates at once, where the pool has them side by side: its board of what is in flight here, and the snapshot of the others'. Candidates
/// are in the pool's order, so that those of a whole pool are one piece.
/// </summary>
internal sealed class CandidateLoads
{
    // Fewer in a row are sooner read one by one.
    private const int Wide = 16;

    private readonly FrontendPool? _pool;
    private readonly PickRun[] _runs;
    private readonly int _known;

    /// <param name="pool">The pool; <see langword="null"/> when this front-end has none of that name yet.</param>
    /// <param name="indexes">Per candidate its position in the pool, ascending; what the pool does not know, the rest after them, has a negative one.</param>
    public CandidateLoads(FrontendPool? pool, int[] indexes)
    {
        (_pool, _runs) = (pool, [.. RunsOf(indexes)]);
        _known = _runs.Sum(static run => run.Length);
    }

    /// <summary>Fills in each candidate's load as the pickers want it, with the request to place.</summary>
    public void Fill(in LoadView view, Span<double> loads)
    {
        var own = _pool is null ? [] : _pool.Board.Loads;
        if (view.Foreign is { } foreign)
            Fill(view.Outlook, foreign, own, loads);
        else
            FillOwn(own, loads);
        loads[_known..].Fill(1);
    }

    /// <summary>Fills in each candidate's load as the other front-ends know it.</summary>
    public void FillKnown(in LoadView view, Span<double> known)
    {
        if (view.Foreign is not { } foreign)
        {
            known.Fill(1);
            return;
        }

        foreach (var run in _runs)
        {
            if (run.Length >= Wide)
            {
                view.Outlook.Knowns(foreign, run.Index, known.Slice(run.Place, run.Length));
                continue;
            }

            for (var (place, index) = (run.Place, run.Index); place < run.Place + run.Length; place++, index++)
                known[place] = view.Outlook.Known(foreign.Requests[index], foreign.Connections[index], foreign.OwnRequests[index], foreign.OwnConnections[index]);
        }

        known[_known..].Fill(1);
    }

    private void Fill(in Outlook outlook, ForeignLoad foreign, ReadOnlySpan<double> own, Span<double> loads)
    {
        var requests = foreign.Requests;
        var connections = foreign.Connections;
        foreach (var run in _runs)
        {
            if (run.Length >= Wide)
            {
                outlook.Loads(foreign, run.Index, own.Slice(run.Index, run.Length), loads.Slice(run.Place, run.Length));
                continue;
            }

            for (var (place, index) = (run.Place, run.Index); place < run.Place + run.Length; place++, index++)
                loads[place] = outlook.Load(own[index], requests[index], connections[index]);
        }
    }

    private void FillOwn(ReadOnlySpan<double> own, Span<double> loads)
    {
        foreach (var run in _runs)
        {
            for (var (place, index) = (run.Place, run.Index); place < run.Place + run.Length; place++, index++)
                loads[place] = 1 + own[index];
        }
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
