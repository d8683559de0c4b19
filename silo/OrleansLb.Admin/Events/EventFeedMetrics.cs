using System.Diagnostics.Metrics;

namespace OrleansLb.Admin.Events;

/// <summary>Who reads the event feed of this silo, and what got lost on the way to the feeds.</summary>
internal sealed class EventFeedMetrics
{
    public const string MeterName = "OrleansLb.EventFeed";

    private readonly UpDownCounter<long> _readers;
    private readonly Counter<long> _dropped;
    private readonly Counter<long> _missed;
    private readonly Counter<long> _unkept;

    public EventFeedMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _readers = meter.CreateUpDownCounter<long>("orleanslb.events.reader", "{reader}", "Connections that read the event feed of this silo.");
        _dropped = meter.CreateCounter<long>("orleanslb.events.readers_dropped", "{reader}", "Readers of the event feed that did not keep up and were given up.");
        _missed = meter.CreateCounter<long>("orleanslb.events.missed", "{event}", "Events that a silo's feed did not take.");
        _unkept = meter.CreateCounter<long>("orleanslb.events.unkept", "{event}", "Events that will not be kept, because the store did not take them for too long.");
    }

    public void ReaderCame() => _readers.Add(1);

    public void ReaderLeft() => _readers.Add(-1);

    public void ReaderDropped() => _dropped.Add(1);

    public void Missed(int events) => _missed.Add(events);

    public void Unkept(int events)
    {
        if (events > 0)
            _unkept.Add(events);
    }
}
