using System.Diagnostics.Metrics;

namespace OrleansLb.Frontend.Http.Health;

/// <summary>Counts requests that went on to another backend.</summary>
internal sealed class RedispatchMetrics
{
    public const string MeterName = "OrleansLb.Frontend.Health";

    private readonly Counter<long> _redispatches;

    public RedispatchMetrics(IMeterFactory meters) => _redispatches = meters.Create(MeterName)
        .CreateCounter<long>("orleanslb.request.redispatches", "{request}", "Attempts at another backend because no connection could be made, or it ended before an answer to a request that may be repeated.");

    public void Redispatched(string pool)
    {
        if (_redispatches.Enabled)
            _redispatches.Add(1, new KeyValuePair<string, object?>("pool", pool));
    }
}
