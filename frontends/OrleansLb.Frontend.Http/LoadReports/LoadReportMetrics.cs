using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Core;
using OrleansLb.Core.Balancing;
using OrleansLb.Core.Balancing.Orca;
using OrleansLb.Frontend.Pools;

namespace OrleansLb.Frontend.Http.LoadReports;

/// <summary>Counts what backends report of their load, and says what this front-end makes of it.</summary>
internal sealed class LoadReportMetrics
{
    public const string MeterName = "OrleansLb.Frontend.LoadReports";

    public const string Taken = "taken";
    public const string Useless = "useless";
    public const string Ambiguous = "ambiguous";

    private readonly Counter<long> _reports;

    public LoadReportMetrics(IMeterFactory meters, PoolTable pools, [FromKeyedServices(Clocks.Key)] TimeProvider clock)
    {
        var meter = meters.Create(MeterName);
        _reports = meter.CreateCounter<long>("orleanslb.backend.load_reports", "{report}", "Reports of backends about their load in answers to this front-end.");
        meter.CreateObservableGauge("orleanslb.backend.reported_capacity", () => Capacities(pools, clock), "{request}", "Requests a second that a backend would serve when full, by its reports.");
    }

    public static string OutcomeOf(OrcaFault fault) => fault switch
    {
        OrcaFault.TooLong => "too_long",
        OrcaFault.UnknownFormat => "unknown_format",
        _ => "malformed",
    };

    public void Reported(string poolId, string backendId, string outcome)
    {
        if (_reports.Enabled)
            _reports.Add(1, new("pool", poolId), new("backend", backendId), new("outcome", outcome));
    }

    private static IEnumerable<Measurement<double>> Capacities(PoolTable pools, TimeProvider clock) =>
        pools.Current.Values.Where(static pool => pool.Definition.Balancing.Policy == LoadBalancingPolicyNames.ResourceBased)
            .SelectMany(pool => pool.Slots.Select(slot => new Measurement<double>(
                slot.ReportedLoad.Read(clock.GetElapsedTime(0), pool.Definition.Balancing.LoadReports),
                new("pool", pool.Definition.Id),
                new KeyValuePair<string, object?>("backend", slot.Definition.Id))));
}
