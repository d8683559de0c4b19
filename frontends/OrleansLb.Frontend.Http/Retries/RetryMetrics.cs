using System.Diagnostics.Metrics;
using OrleansLb.Frontend.Http.Health;

namespace OrleansLb.Frontend.Http.Retries;

/// <summary>Counts requests that went on to another backend, and those that were not allowed to.</summary>
internal sealed class RetryMetrics
{
    public const string MeterName = "OrleansLb.Frontend.Health";

    private readonly Counter<long> _redispatches;
    private readonly Counter<long> _denied;

    public RetryMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _redispatches = meter.CreateCounter<long>(
            "orleanslb.request.redispatches", "{request}", "Attempts at another backend because no connection could be made, or it ended before an answer, or the answer's status is one to be tried again.");
        _denied = meter.CreateCounter<long>("orleanslb.request.retries.denied", "{request}", "Attempts at another backend that the retry budget of the pool had no room for.");
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

    private static string NameOf(ForwardingFailure failure) => failure switch
    {
        ForwardingFailure.NotConnected => "connect_failure",
        ForwardingFailure.Reset => "reset",
        _ => "status",
    };
}
