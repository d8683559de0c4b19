using System.Diagnostics.Metrics;

namespace OrleansLb.Hosting.Tests.Settings;

/// <summary>Meters of one test, so that tests that run beside it do not mix in.</summary>
internal sealed class TestMeters : IMeterFactory
{
    private readonly List<Meter> _meters = [];

    public Meter Create(MeterOptions options)
    {
        options.Scope = this;
        var meter = new Meter(options);
        _meters.Add(meter);
        return meter;
    }

    public void Dispose() => _meters.ForEach(static meter => meter.Dispose());
}
