using System.Diagnostics.Metrics;

namespace OrleansLb.Frontend.Sessions;

/// <summary>What learned sessions come to at this front-end.</summary>
internal sealed class SessionMetrics
{
    public const string MeterName = "OrleansLb.Frontend.Sessions";

    private static readonly string[] Outcomes = ["remembered", "asked", "unconfirmed", "alone", "unbound", "full", "refused", "no_backend", "abandoned"];

    private readonly Counter<long> _placed;
    private readonly Counter<long> _learned;
    private readonly Histogram<double> _waits;

    public SessionMetrics(IMeterFactory meters, LearnedSessions sessions)
    {
        var meter = meters.Create(MeterName);
        _placed = meter.CreateCounter<long>("orleanslb.session.requests", "{request}", "Requests of learned sessions, by how their backend was found.");
        _learned = meter.CreateCounter<long>("orleanslb.session.learned", "{session}", "Sessions learned from responses, by how they were bound.");
        _waits = meter.CreateHistogram<double>("orleanslb.session.wait", "s", "Time that requests and responses waited for the binding of a session.");
        meter.CreateObservableUpDownCounter(
            "orleanslb.session.remembered",
            () => sessions.Pools.Select(static pool => new Measurement<int>(pool.Count, new KeyValuePair<string, object?>("pool", pool.PoolId))),
            "{session}",
            "Learned sessions that this front-end remembers.");
    }

    /// <summary>What an outcome is called.</summary>
    public static string NameOf(SessionPlaceOutcome outcome) => Outcomes[(int)outcome];

    public void Placed(string poolId, SessionPlaceOutcome outcome) => Count(_placed, poolId, outcome);

    public void Learned(string poolId, SessionPlaceOutcome outcome) => Count(_learned, poolId, outcome);

    public void Waited(string poolId, TimeSpan time) => _waits.Record(time.TotalSeconds, new KeyValuePair<string, object?>("pool", poolId));

    private static void Count(Counter<long> counter, string poolId, SessionPlaceOutcome outcome)
    {
        if (counter.Enabled)
            counter.Add(1, new("pool", poolId), new KeyValuePair<string, object?>("outcome", NameOf(outcome)));
    }
}
