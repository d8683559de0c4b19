using BenchmarkDotNet.Attributes;
using OrleansLb.Core.Balancing;
using OrleansLb.Core.Hashing;

namespace OrleansLb.Microbenchmarks;

/// <summary>Off the request path: the tables that picks read, built anew, and what is worked out for each snapshot.</summary>
public class BuildBenchmarks
{
    private PickPool _pool = null!;
    private double[] _fractions = null!;
    private double[] _scratch = null!;

    /// <summary>Backends in the pool.</summary>
    [Params(10, 1000, 5000)]
    public int Backends { get; set; }

    /// <summary>Makes the pool.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _pool = new PickPool(Backends);
        _fractions = [.. _pool.Weights.Select(static weight => weight * Math.PI / (weight + Math.E))];
        _scratch = new double[Backends];
    }

    /// <summary>Table of Maglev and of the simple hashes.</summary>
    [Benchmark]
    public MaglevTable Maglev() => MaglevTable.Build(_pool.Backends);

    /// <summary>Ring of ConsistentHash.</summary>
    [Benchmark]
    public HashRing ConsistentHash() => HashRing.Build(_pool.Backends);

    /// <summary>Round of WeightedRoundRobin with whole weights.</summary>
    [Benchmark]
    public WeightedRoundRobinSchedule RoundOfWholeWeights() => WeightedRoundRobinSchedule.Build(_pool.Weights);

    /// <summary>Round of WeightedRoundRobin with weights that have no unit in common, as resource-based ones.</summary>
    [Benchmark]
    public WeightedRoundRobinSchedule RoundOfOtherWeights() => WeightedRoundRobinSchedule.Build(_fractions);

    /// <summary>Alias table of WeightedRandom and whatever draws.</summary>
    [Benchmark]
    public AliasTable Alias() => AliasTable.Build(_pool.Weights);

    /// <summary>Weights of LeastResponseTime, for each snapshot.</summary>
    [Benchmark]
    public double LeastResponseTimeWeights()
    {
        LeastResponseTimePicker.Weigh(_pool.Weights, _pool.Paces, _scratch);
        return _scratch[0];
    }

    /// <summary>Threshold of HotCold, for each snapshot.</summary>
    [Benchmark]
    public double HotColdThreshold() => HotColdPicker.HotAbove(_pool.Loads, _pool.Table, _scratch);
}
