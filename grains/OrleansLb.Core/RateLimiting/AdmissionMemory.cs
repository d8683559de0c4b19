namespace OrleansLb.Core.RateLimiting;

/// <summary>
/// The permits that the front-end itself was given. A log has no state that one decision could carry, but nobody else was given these, and together
/// the front-ends know all of them.
/// </summary>
internal sealed class AdmissionMemory : RangeMemory
{
    private readonly Dictionary<RateLimitKey, KeptAdmissions> _keys = [];

    /// <inheritdoc/>
    public override int Count => _keys.Count;

    /// <inheritdoc/>
    public override bool HoldsRefusals => false;

    /// <inheritdoc/>
    public override bool Contains(RateLimitKey key) => _keys.ContainsKey(key);

    /// <inheritdoc/>
    public override void Decided(LimitRule rule, AcquireEntry entry, in AcquireDecision decision, TimeSpan now) => Of(entry.Key).Add(rule, entry.Cost, now);

    /// <inheritdoc/>
    public override void Granted(LimitRule rule, in LeaseRenewal renewal, in LeaseGrant grant, in RangeCall call)
    {
        if (grant.Amount > 0 || renewal.Reports.Length > 0)
            Of(renewal.Key).Settle(rule, renewal, grant, call);
    }

    /// <inheritdoc/>
    public override void ForgetUntil(TimeSpan time)
    {
        foreach (var (key, admissions) in _keys)
        {
            admissions.ForgetUntil(time);
            if (admissions.IsEmpty)
                _keys.Remove(key);
        }
    }

    /// <inheritdoc/>
    public override void Clear() => _keys.Clear();

    /// <inheritdoc/>
    public override IEnumerable<RestoreRow> Rows(TimeSpan now) => _keys.SelectMany(pair =>
        pair.Value.Permits.Select(permits => new RestoreRow(pair.Key, new KeyWitness { Current = permits.Count }, now - permits.At)));

    private KeptAdmissions Of(RateLimitKey key)
    {
        if (!_keys.TryGetValue(key, out var admissions))
            _keys[key] = admissions = new KeptAdmissions();
        return admissions;
    }
}
