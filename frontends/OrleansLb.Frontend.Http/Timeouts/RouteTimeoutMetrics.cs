using System.Diagnostics.Metrics;

namespace OrleansLb.Frontend.Http.Timeouts;

/// <summary>Counts requests that took longer than their routes allow.</summary>
internal sealed class RouteTimeoutMetrics
{
    public const string MeterName = "OrleansLb.Frontend.Timeouts";

    private readonly Counter<long> _timeouts;

    public RouteTimeoutMetrics(IMeterFactory meters) => _timeouts = meters.Create(MeterName)
        .CreateCounter<long>("orleanslb.route.timeouts", "{request}", "Requests that were ended because they took longer than the Timeout of their route.");

    public void Ended(string route) => _timeouts.Add(1, new KeyValuePair<string, object?>("route", route));
}
