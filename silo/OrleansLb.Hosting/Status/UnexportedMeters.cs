using System.Diagnostics.Metrics;

namespace OrleansLb.Hosting.Status;

/// <summary>
/// Gives the status server's own web stack meters under other names, so that scrapes and probes do not count as traffic: exporters pick
/// meters by name in the whole process.
/// </summary>
internal sealed class UnexportedMeters : IMeterFactory
{
    private readonly List<Meter> _meters = [];

    public Meter Create(MeterOptions options)
    {
        var meter = new Meter("Status." + options.Name, options.Version);
        lock (_meters)
            _meters.Add(meter);

        return meter;
    }

    public void Dispose()
    {
        lock (_meters)
            _meters.ForEach(static meter => meter.Dispose());
    }
}
