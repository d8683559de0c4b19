namespace OrleansLb.Core.RateLimiting;

/// <summary>
/// The permits that the front-end itself was given. A log has no state that one decision could carry, but nobody else was given these, and together
/// the front-ends know all of them.
/// </summary>
internal sealed class AdmissionMemory : RangeMemory
{
    // Coarser than at the range: it matters only after the range has lost its silo, and is kept by every front-end.
    private const int Cells = 8;

    private readonly Dictionary<RateLimitKey, AdmissionLog> _logs = [];

    /// <inheritdoc/>
    public override int Count => _logs.Count;

    /// <inheritdoc/>
    public override bool HoldsRefusals => false;

    /// <inheritdoc/>
    public override bool Contains(RateLimitKey key) => _logs.ContainsKey(key);

    /// <inheritdoc/>
    public override void Decided(LimitRule rule, AcquireEntry entry, in AcquireDecision decision, TimeSpan now)
    {
        if (!_logs.TryGetValue(entry.Key, out var log))
            _logs[entry.Key] = log = new AdmissionLog();
        log.ForgetUntil(now - rule.Horizon);
        log.Add(now, entry.Cost, rule.Window / Cells);
    }

    /// <inheritdoc/>
    public override void Granted(in LeaseGrant grant, TimeSpan now)
    {
        // A log is not leased: nothing was given.
    }

    /// <inheritdoc/>
    public override void ForgetUntil(TimeSpan time)
    {
        foreach (var (key, log) in _logs)
        {
            log.ForgetUntil(time);
            if (log.Count == 0)
                _logs.Remove(key);
        }
    }

    /// <inheritdoc/>
    public override void Clear() => _logs.Clear();

    /// <inheritdoc/>
    public override IEnumerable<RestoreRow> Rows(TimeSpan now) => _logs.SelectMany(pair =>
        pair.Value.Cells.Select(cell => new RestoreRow(pair.Key, new KeyWitness { Current = cell.Count }, now - cell.At)));
}
