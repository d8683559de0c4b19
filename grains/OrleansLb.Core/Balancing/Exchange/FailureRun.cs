namespace OrleansLb.Core.Balancing.Exchange;

/// <summary>
/// The gateway failures of one backend since the last other outcome that any front-end had, as far as reports tell. Versions of the
/// totals order what front-ends did: a report that acknowledges a version was made after that version was given out, so that what is new
/// in the report after it happened after everything that the version knew of.
/// </summary>
internal sealed class FailureRun
{
    // More failures than any threshold; a run that waits to be vouched for need not grow beyond.
    private const int MostParts = 128;

    // A front-end that does not get its answers through must not protect a backend for longer.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    private readonly List<Part> _parts = [];
    private (string FrontendId, long Version) _reached = ("", 0);
    private long _reachedByAnother;

    /// <summary>Failures that may be in a row: not more, but somebody may have had another outcome meanwhile and not said so yet.</summary>
    public int Counted { get; private set; }

    /// <summary>A front-end had another outcome than a gateway failure, before the totals had this version.</summary>
    public void Reached(string frontendId, long version)
    {
        if (_reached.FrontendId != frontendId)
            _reachedByAnother = _reached.Version;
        _reached = (frontendId, version);
        Forget();
    }

    /// <summary>A front-end had failures, and no other outcome since the first of them.</summary>
    /// <param name="frontendId">The front-end.</param>
    /// <param name="count">How many it had since its report before.</param>
    /// <param name="after">A version that was known when the report before was made.</param>
    /// <param name="version">The version that takes them in.</param>
    /// <param name="now">Monotonic time.</param>
    public void Failed(string frontendId, int count, long after, long version, TimeSpan now)
    {
        // They may have happened before somebody else's success that is known already: such failures prove nothing.
        var reachedByOthers = _reached.FrontendId == frontendId ? _reachedByAnother : _reached.Version;
        if (count <= 0 || after < reachedByOthers || _parts.Count >= MostParts)
            return;
        _parts.Add(new Part(frontendId, version, now, count));
        Counted = (int)Math.Min(int.MaxValue, (long)Counted + count);
    }

    /// <summary>Starts to count anew.</summary>
    public void Forget()
    {
        _parts.Clear();
        Counted = 0;
    }

    /// <summary>The failures during which nobody had another outcome.</summary>
    /// <param name="rows">Every front-end.</param>
    /// <param name="now">Monotonic time.</param>
    public (int Length, int Frontends) Vouched(IEnumerable<FrontendRow> rows, TimeSpan now)
    {
        var known = Witnessed(rows);
        var (length, frontends) = (0L, new HashSet<string>(StringComparer.Ordinal));
        foreach (var part in _parts)
        {
            if (part.Version > known && now - part.At < Patience)
                continue;
            length += part.Count;
            frontends.Add(part.FrontendId);
        }

        return ((int)Math.Min(int.MaxValue, length), frontends.Count);
    }

    /// <summary>
    /// The version that every front-end under way had seen when it made its last report: nothing that happened before it is untold. A
    /// front-end that alone had failures knows the order of its own outcomes.
    /// </summary>
    private long Witnessed(IEnumerable<FrontendRow> rows)
    {
        var alone = _parts.TrueForAll(part => part.FrontendId == _parts[0].FrontendId) ? _parts[0].FrontendId : null;
        var known = long.MaxValue;
        foreach (var row in rows)
        {
            if (row.IsUnderWay && row.FrontendId != alone)
                known = Math.Min(known, row.MadeAfter);
        }

        return known;
    }

    private readonly record struct Part(string FrontendId, long Version, TimeSpan At, int Count);
}
