using System.Diagnostics.Metrics;

namespace OrleansLb.Grains.Diagnostics;

/// <summary>What became of the events that this silo had to tell.</summary>
internal sealed class EventMetrics
{
    public const string MeterName = "OrleansLb.Events";

    private readonly Counter<long> _published;
    private readonly Counter<long> _lost;
    private readonly Counter<long> _historyLost;

    public EventMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _published = meter.CreateCounter<long>("orleanslb.events.published", "{event}", "Events that this silo gave to the stream.");
        _lost = meter.CreateCounter<long>("orleanslb.events.lost", "{event}", "Events that this silo could not give to the stream, by reason.");
        _historyLost = meter.CreateCounter<long>("orleanslb.backend.history.lost", "{change}", "Changes of backends' states that are in no history, because none could be reached for too long.");
    }

    public void Published(int events) => _published.Add(events);

    /// <summary>The stream did not keep up with the events.</summary>
    public void Overflowed() => Lost(1, "overflow");

    /// <summary>The stream did not take them for too long.</summary>
    public void Refused(int events) => Lost(events, "stream");

    /// <summary>A change of a backend's state will be in no history.</summary>
    public void HistoryLost() => _historyLost.Add(1);

    private void Lost(int events, string reason) => _lost.Add(events, new KeyValuePair<string, object?>("reason", reason));
}
