using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Orleans.TestingHost;

namespace OrleansLb.Frontend.Tests.Health;

/// <summary>Ejections that the silos count from now on, whichever holds the pool.</summary>
internal sealed class EjectionCounters(InProcessTestCluster cluster) : IDisposable
{
    private readonly MetricCollector<long>[] _collectors =
    [
        .. cluster.Silos.Select(silo => new MetricCollector<long>(
            cluster.GetSiloServiceProvider(silo.SiloAddress).GetRequiredService<IMeterFactory>(), "OrleansLb.Health", "orleanslb.backend.ejections")),
    ];

    internal IEnumerable<CollectedMeasurement<long>> Seen => _collectors.SelectMany(static collector => collector.GetMeasurementSnapshot());

    public void Dispose()
    {
        foreach (var collector in _collectors)
            collector.Dispose();
    }
}
