using System.Collections.Frozen;
using BenchmarkDotNet.Attributes;
using OrleansLb.Core.Balancing;
using OrleansLb.Core.Balancing.Exchange;
using OrleansLb.Core.Snapshots;
using OrleansLb.Frontend.Pools;
using OrleansLb.Frontend.Reporting;

namespace OrleansLb.Microbenchmarks;

/// <summary>Off the request path, but a hundred times a second in a busy pool: a front-end's row, its way to the wire, and what the pool answers.</summary>
public class ExchangeBenchmarks
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(10);

    private readonly PoolLoadMachine _pool = new("silo", TimeSpan.Zero);
    private readonly FrontendLoadMachine _frontend = new("fe", 1);
    private readonly TrafficLedger _ledger = new();
    private readonly PoolTable _pools = new();
    private PickRandom _random = new(7);
    private LoadEntry[] _entries = null!;
    private LoadReport _report = null!;
    private TimeSpan _now = TimeSpan.FromHours(1);
    private long _requests;

    /// <summary>Backends in the pool.</summary>
    [Params(10, 100, 1000)]
    public int Backends { get; set; }

    /// <summary>Exchanges once, so that the next is one of many.</summary>
    [GlobalSetup]
    public void Setup()
    {
        var definition = new PoolDefinition { Id = "app", Backends = [.. Enumerable.Range(0, Backends).Select(PoolBackends.Define)] };
        _pools.Apply(ClusterSnapshot.Empty with { Pools = new Dictionary<string, PoolDefinition> { ["app"] = definition }.ToFrozenDictionary() });
        _entries = [.. definition.Backends.Select(static backend => new LoadEntry(backend.Key, 1, 0))];
        _frontend.SetBackends([.. definition.Backends.Select(static backend => backend.Key)]);
        WholeRound();
        _report = Report();
    }

    /// <summary>The traffic of all backends added up.</summary>
    [Benchmark]
    public TrafficCounters ReadTraffic() => _ledger.Read(_pools.Current["app"]);

    /// <summary>The row's report put into the message.</summary>
    [Benchmark]
    public object ToWire() => _report.ToWire();

    /// <summary>A tenth of the counts has moved: the report is made, the pool takes it and answers, and the answer becomes what picks read.</summary>
    [Benchmark]
    public bool WholeRound()
    {
        _now += Step;
        return _frontend.Accept(_pool.Exchange(Report(), _now));
    }

    private LoadReport Report()
    {
        for (var moved = 0; moved < Backends / 10; moved++)
        {
            var index = _random.Next(Backends);
            _entries[index] = _entries[index] with { Requests = _random.Next(8) };
        }

        _requests += Backends;
        return _frontend.Report(_entries, new TrafficCounters(_requests, _requests, Step * _requests), _now);
    }
}
