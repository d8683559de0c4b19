using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using OrleansLb.Frontend.Tests.LoadBalancing;

namespace OrleansLb.Frontend.Tests.Forwarding;

/// <summary>What the direct forwarder of one front-end counted.</summary>
internal sealed class ForwardingCounters(FrontendHost frontend) : IDisposable
{
    private readonly MetricCollector<long> _fallbacks = Collect(frontend, "orleanslb.upstream.fallbacks");
    private readonly MetricCollector<long> _refused = Collect(frontend, "orleanslb.upstream.framing");
    private readonly MetricCollector<long> _dials = Collect(frontend, "orleanslb.upstream.connection.dials");
    private readonly MetricCollector<long> _retries = Collect(frontend, "orleanslb.upstream.connection.retries");
    private readonly MetricCollector<int> _open = CollectInt(frontend, "orleanslb.upstream.connection.open");
    private readonly MetricCollector<int> _idle = CollectInt(frontend, "orleanslb.upstream.connection.idle");

    internal string[] Fallbacks => Reasons(_fallbacks, "reason");

    internal string[] Refused => Reasons(_refused, "reason");

    internal string[] Dials => Reasons(_dials, "outcome");

    internal int Retries => _retries.GetMeasurementSnapshot().Count;

    internal (int Open, int Idle) Connections
    {
        get
        {
            _open.RecordObservableInstruments();
            _idle.RecordObservableInstruments();
            return (_open.LastMeasurement!.Value, _idle.LastMeasurement!.Value);
        }
    }

    /// <summary>Waits until there are so many connections.</summary>
    internal async Task Settle(int open, int idle)
    {
        try
        {
            await Eventually.Is(() => Connections == (open, idle));
        }
        catch (TimeoutException)
        {
            Assert.Equal((open, idle), Connections);
        }
    }

    public void Dispose()
    {
        _fallbacks.Dispose();
        _refused.Dispose();
        _dials.Dispose();
        _retries.Dispose();
        _open.Dispose();
        _idle.Dispose();
    }

    private static string[] Reasons(MetricCollector<long> collector, string tag) => [.. collector.GetMeasurementSnapshot().Select(measurement => (string)measurement.Tags[tag]!)];

    private static MetricCollector<long> Collect(FrontendHost frontend, string name) => new(frontend.Services.GetRequiredService<IMeterFactory>(), "OrleansLb.Frontend.Forwarding", name);

    private static MetricCollector<int> CollectInt(FrontendHost frontend, string name) => new(frontend.Services.GetRequiredService<IMeterFactory>(), "OrleansLb.Frontend.Forwarding", name);
}
