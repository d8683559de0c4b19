using System.Diagnostics.Metrics;
using OrleansLb.Frontend.Pools;

namespace OrleansLb.Frontend.Concurrency;

/// <summary>The slots that this front-end holds, and the requests that wait for one.</summary>
internal sealed class SlotMetrics
{
    public const string MeterName = "OrleansLb.Frontend.Concurrency";

    private static readonly string[] Outcomes = ["entered", "queue_full", "timed_out", "client_left", "unlimited", "backend_gone"];

    private readonly Histogram<double> _waits;
    private readonly Counter<long> _rejected;
    private readonly Counter<long> _reports;

    public SlotMetrics(IMeterFactory meters, PoolTable pools)
    {
        var meter = meters.Create(MeterName);
        _waits = meter.CreateHistogram<double>("orleanslb.queue.wait", "s", "Time that a request waited for a slot, by what came of it.");
        _rejected = meter.CreateCounter<long>("orleanslb.queue.rejected", "{request}", "Requests refused because no slot was free, by reason.");
        _reports = meter.CreateCounter<long>("orleanslb.slot.reports", "{report}", "Reports of slots to a pool, by whether it answered.");
        meter.CreateObservableUpDownCounter("orleanslb.slot.held", () => Each(pools, static slot => slot.Gate.Allowed), "{slot}", "Requests that this front-end may have at a backend at once.");
        meter.CreateObservableUpDownCounter("orleanslb.slot.in_use", () => Each(pools, static slot => slot.Gate.InUse), "{slot}", "Requests that this front-end has in slots.");
        meter.CreateObservableUpDownCounter("orleanslb.queue.length", () => Queues(pools), "{request}", "Requests that wait for a slot at this front-end.");
    }

    /// <summary>What came of a wait.</summary>
    public static string NameOf(AdmissionOutcome outcome) => Outcomes[(int)outcome];

    public void Waited(string poolId, AdmissionOutcome outcome, TimeSpan time)
    {
        if (_waits.Enabled)
            _waits.Record(time.TotalSeconds, new("pool", poolId), new KeyValuePair<string, object?>("outcome", NameOf(outcome)));
        if (_rejected.Enabled && outcome is AdmissionOutcome.QueueFull or AdmissionOutcome.TimedOut)
            _rejected.Add(1, new("pool", poolId), new KeyValuePair<string, object?>("reason", NameOf(outcome)));
    }

    public void Reported(string poolId, bool isAnswered)
    {
        if (_reports.Enabled)
            _reports.Add(1, new("pool", poolId), new KeyValuePair<string, object?>("outcome", isAnswered ? "answered" : "unanswered"));
    }

    private static IEnumerable<FrontendPool> Limited(PoolTable pools) => pools.Current.Values.Where(static pool => pool.Definition.Concurrency is not null);

    private static IEnumerable<Measurement<int>> Each(PoolTable pools, Func<BackendSlot, int> count) =>
        Limited(pools).SelectMany(pool => pool.Slots.Where(static slot => !slot.Gate.IsOpen).Select(slot => new Measurement<int>(
            count(slot),
            new("pool", pool.Definition.Id),
            new KeyValuePair<string, object?>("backend", slot.Definition.Id))));

    private static IEnumerable<Measurement<int>> Queues(PoolTable pools) =>
        Limited(pools).Select(static pool => new Measurement<int>(pool.Admission.Waiting, new KeyValuePair<string, object?>("pool", pool.Definition.Id)));
}
