using System.Diagnostics.Metrics;
using OrleansLb.Core.Sessions;
using OrleansLb.Grains.Sessions;

namespace OrleansLb.Grains.Diagnostics;

/// <summary>The learned sessions that this silo holds.</summary>
internal sealed class SessionMetrics
{
    public const string MeterName = "OrleansLb.Sessions";

    private static readonly string[] Outcomes = ["found", "bound", "replaced", "unbound", "full"];

    private readonly UpDownCounter<long> _held;
    private readonly Counter<long> _claims;
    private readonly Counter<long> _forgotten;

    public SessionMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _held = meter.CreateUpDownCounter<long>("orleanslb.session.held", "{session}", "Learned sessions in the ranges on this silo.");
        _claims = meter.CreateCounter<long>("orleanslb.session.claims", "{claim}", "Sessions that front-ends asked this silo for, by what came of it.");
        _forgotten = meter.CreateCounter<long>("orleanslb.session.forgotten", "{session}", "Learned sessions that were forgotten, by reason.");
    }

    public void Bound(string poolId, SessionOutcome outcome)
    {
        if (_claims.Enabled)
            _claims.Add(1, new("pool", poolId), new KeyValuePair<string, object?>("outcome", Outcomes[(int)outcome]));
    }

    public void Report(string poolId, SessionTally before, SessionTally now)
    {
        if (now.Count != before.Count)
            _held.Add(now.Count - before.Count, new KeyValuePair<string, object?>("pool", poolId));
        Forgot(poolId, now.Expired - before.Expired, "idle");
        Forgot(poolId, now.Evicted - before.Evicted, "evicted");
    }

    private void Forgot(string poolId, long sessions, string reason)
    {
        if (sessions > 0)
            _forgotten.Add(sessions, new("pool", poolId), new KeyValuePair<string, object?>("reason", reason));
    }
}
