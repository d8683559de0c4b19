using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Orleans.TestingHost;
using OrleansLb.Grains.Routing;

namespace OrleansLb.Grains.Tests.Routing;

/// <summary>What the silos count from now on by one instrument of the configuration, whichever holds its grain.</summary>
internal sealed class SiloCounters(InProcessTestCluster cluster, string instrument) : IDisposable
{
    private readonly MetricCollector<long>[] _collectors =
    [
        .. cluster.Silos.Select(silo => new MetricCollector<long>(cluster.GetSiloServiceProvider(silo.SiloAddress).GetRequiredService<IMeterFactory>(), ConfigMetrics.MeterName, instrument)),
    ];

    public long Sum => _collectors.SelectMany(static collector => collector.GetMeasurementSnapshot()).Sum(static measured => measured.Value);

    public void Dispose()
    {
        foreach (var collector in _collectors)
            collector.Dispose();
    }
}
