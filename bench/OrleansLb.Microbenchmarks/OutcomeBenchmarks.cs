using System.Diagnostics.Metrics;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Core.Balancing.Exchange;
using OrleansLb.Core.Balancing.Orca;
using OrleansLb.Frontend.Leases;
using OrleansLb.Frontend.Pools;

namespace OrleansLb.Microbenchmarks;

/// <summary>What is noted of one answer: for the health of its backend, for the policies that go by times and reports, and for whoever reads the metrics.</summary>
public class OutcomeBenchmarks
{
    private const string TextReport = "TEXT cpu_utilization=0.31,application_utilization=0.42,rps_fractional=178.5,eps=0.1";
    private const string JsonReport = """JSON {"cpu_utilization":0.31,"application_utilization":0.42,"rps_fractional":178.5,"eps":0.1}""";

    private static readonly TimeSpan Now = TimeSpan.FromHours(1);
    private static readonly TimeSpan Took = TimeSpan.FromMilliseconds(3);

    private readonly BackendSlot _slot = new(PoolBackends.Define(1));
    private MeterListener _listener = null!;
    private RateLimitMetrics _unread = null!;
    private RateLimitMetrics _read = null!;

    /// <summary>Has somebody read one of the two sets of metrics.</summary>
    [GlobalSetup]
    public void Setup()
    {
        var meters = Meters();
        (_unread, _read) = (new RateLimitMetrics(Meters()), new RateLimitMetrics(meters));
        _listener = Listen(meters);
    }

    /// <summary>Stops reading.</summary>
    [GlobalCleanup]
    public void Cleanup() => _listener.Dispose();

    /// <summary>An answer.</summary>
    [Benchmark(Baseline = true)]
    public void Answered() => _slot.Answered(Now, Took, 200);

    /// <summary>An answer that is a gateway's failure.</summary>
    [Benchmark]
    public void AnsweredUnavailable() => _slot.Answered(Now, Took, 503);

    /// <summary>No answer.</summary>
    [Benchmark]
    public void Failed() => _slot.Failed();

    /// <summary>The counts as they are reported, and as outliers are looked for.</summary>
    [Benchmark]
    public OutcomeEntry ReadOutcomes() => _slot.Outcomes;

    /// <summary>What the backend usually has in flight.</summary>
    [Benchmark]
    public double ObserveLoad() => _slot.ObserveLoad(3, Now);

    /// <summary>A backend's report of its own load, as text.</summary>
    [Benchmark]
    public OrcaFault ReadTextReport() => OrcaHeader.Read(TextReport, out _);

    /// <summary>The same as JSON.</summary>
    [Benchmark]
    public OrcaFault ReadJsonReport() => OrcaHeader.Read(JsonReport, out _);

    /// <summary>A decision of a limit, with nobody reading metrics.</summary>
    [Benchmark]
    public void CountDecisionUnread() => _unread.Decided("perClient", new LimitOutcome(LimitVerdict.AdmittedByLease, TimeSpan.Zero));

    /// <summary>The same with somebody who reads them and does nothing with it.</summary>
    [Benchmark]
    public void CountDecisionRead() => _read.Decided("perClient", new LimitOutcome(LimitVerdict.AdmittedByLease, TimeSpan.Zero));

    private static MeterListener Listen(IMeterFactory meters)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (ReferenceEquals(instrument.Meter.Scope, meters))
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>(static (_, _, _, _) => { });
        listener.Start();
        return listener;
    }

    private static IMeterFactory Meters() => new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>();
}
