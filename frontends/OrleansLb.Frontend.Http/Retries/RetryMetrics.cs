using System.Diagnostics.Metrics;
using OrleansLb.Core.Retries;
using OrleansLb.Frontend.Http.Health;

namespace OrleansLb.Frontend.Http.Retries;

/// <summary>Counts requests that went on to another backend, and those that were not allowed to.</summary>
internal sealed class RetryMetrics
{
    public const string MeterName = "OrleansLb.Frontend.Health";

    private readonly Counter<long> _redispatches;
    private readonly Counter<long> _denied;
    private readonly Counter<long> _hedges;

    public RetryMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _redispatches = meter.CreateCounter<long>(
            "orleanslb.request.redispatches", "{request}", "Attempts at another backend because no connection could be made, or it ended before an answer, or the answer's status is one to be tried again.");
        _denied = meter.CreateCounter<long>("orleanslb.request.retries.denied", "{request}", "Attempts at another backend that the retry budget of the pool had no room for.");
        _hedges = meter.CreateCounter<long>("orleanslb.request.hedges", "{request}", "Attempts at a second backend while the first one was silent, by what became of them.");
    }

    public void Redispatched(string pool, ForwardingFailure failure)
    {
        if (_redispatches.Enabled)
            _redispatches.Add(1, new KeyValuePair<string, object?>("pool", pool), new KeyValuePair<string, object?>("reason", NameOf(failure)));
    }

    public void Denied(string pool, ForwardingFailure failure)
    {
        if (_denied.Enabled)
            _denied.Add(1, new KeyValuePair<string, object?>("pool", pool), new KeyValuePair<string, object?>("reason", NameOf(failure)));
    }

    /// <summary>A request was at two backends.</summary>
    /// <param name="pool">The pool.</param>
    /// <param name="winner">Which of the two attempts gave the answer; less than 0 if both failed.</param>
    public void Hedged(string pool, int winner) => Hedged(pool, winner switch { HedgeRace.Second => "won", HedgeRace.First => "lost", _ => "failed" });

    /// <summary>There was no second backend, or none with a free slot.</summary>
    public void NotHedged(string pool) => Hedged(pool, "no_backend");

    /// <summary>The budget had no room for a second attempt.</summary>
    public void HedgeDenied(string pool)
    {
        if (_denied.Enabled)
            _denied.Add(1, new KeyValuePair<string, object?>("pool", pool), new KeyValuePair<string, object?>("reason", "hedge"));
    }

    private void Hedged(string pool, string outcome)
    {
        if (_hedges.Enabled)
            _hedges.Add(1, new KeyValuePair<string, object?>("pool", pool), new KeyValuePair<string, object?>("outcome", outcome));
    }

    private static string NameOf(ForwardingFailure failure) => failure switch
    {
        ForwardingFailure.NotConnected => "connect_failure",
        ForwardingFailure.Reset => "reset",
        _ => "status",
    };
}
