using System.Collections.Immutable;
using OrleansLb.Core.Balancing;
using OrleansLb.Core.Balancing.Exchange;

namespace OrleansLb.Core.Tests.Balancing.Simulation;

/// <summary>One front-end: the shipped machine, the counts that the product keeps by interlocked additions, and a pick rule.</summary>
internal sealed class SimulatedFrontend
{
    private readonly IPickRule _rule;
    private readonly ImmutableArray<BackendKey> _keys;
    private readonly double[] _weights;
    private readonly int[] _own;
    private PickRandom _random;
    private long _arrivals;
    private long _completions;
    private TimeSpan _serviceTime;

    public SimulatedFrontend(int index, Scenario scenario, ImmutableArray<BackendKey> keys, IPickRule rule)
    {
        _rule = rule;
        _keys = keys;
        _weights = [.. scenario.Backends.Select(static backend => backend.Weight)];
        _own = new int[keys.Length];
        _random = new PickRandom((ulong)((scenario.Seed * 1000) + index));
        Machine = new FrontendLoadMachine($"frontend-{index}", 1);
        Machine.SetBackends(keys);
    }

    public FrontendLoadMachine Machine { get; }

    public int Begin(TimeSpan now)
    {
        var backend = _rule.Pick(Machine.View, _own, _weights, now, ref _random);
        _own[backend]++;
        _arrivals++;
        return backend;
    }

    public void End(int backend, TimeSpan took)
    {
        _own[backend]--;
        _completions++;
        _serviceTime += took;
    }

    public bool IsDue(TimeSpan now) => Machine.DueIn(Entries(), Counters(), now) == TimeSpan.Zero;

    public LoadReport Report(TimeSpan now) => Machine.Report(Entries(), Counters(), now);

    private TrafficCounters Counters() => new(_arrivals, _completions, _serviceTime);

    private LoadEntry[] Entries()
    {
        var entries = new LoadEntry[_own.Length];
        for (var i = 0; i < entries.Length; i++)
            entries[i] = new LoadEntry(_keys[i], _own[i], 0);
        return entries;
    }
}
