namespace OrleansLb.Core.RateLimiting;

/// <summary>The newest state of each key that the front-end was told: whoever was told the newest of all knows all that was admitted.</summary>
internal sealed class WitnessMemory : RangeMemory
{
    private readonly Dictionary<RateLimitKey, (KeyWitness Witness, TimeSpan At)> _witnesses = [];

    /// <inheritdoc/>
    public override int Count => _witnesses.Count;

    /// <inheritdoc/>
    public override bool HoldsRefusals => true;

    /// <inheritdoc/>
    public override bool Contains(RateLimitKey key) => _witnesses.ContainsKey(key);

    /// <inheritdoc/>
    public override void Decided(LimitRule rule, AcquireEntry entry, in AcquireDecision decision, TimeSpan now) => Remember(entry.Key, decision.Witness, now);

    /// <inheritdoc/>
    public override void Granted(LimitRule rule, in LeaseRenewal renewal, in LeaseGrant grant, in RangeCall call) =>
        Remember(grant.Key, grant.Witness, call.ReceivedAt);

    /// <inheritdoc/>
    public override void ForgetUntil(TimeSpan time)
    {
        foreach (var (key, (_, at)) in _witnesses)
        {
            if (at <= time)
                _witnesses.Remove(key);
        }
    }

    /// <inheritdoc/>
    public override void Clear() => _witnesses.Clear();

    /// <inheritdoc/>
    public override IEnumerable<RestoreRow> Rows(TimeSpan now) => _witnesses.Select(pair => new RestoreRow(pair.Key, pair.Value.Witness, now - pair.Value.At));

    private void Remember(RateLimitKey key, in KeyWitness witness, TimeSpan now)
    {
        if (!_witnesses.TryGetValue(key, out var known) || witness.IsNewerThan(known.Witness))
            _witnesses[key] = (witness, now);
    }
}
