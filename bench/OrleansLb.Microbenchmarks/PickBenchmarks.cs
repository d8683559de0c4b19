using System.Net;
using BenchmarkDotNet.Attributes;
using OrleansLb.Core.Balancing;
using OrleansLb.Core.Hashing;

namespace OrleansLb.Microbenchmarks;

/// <summary>One pick of each policy, from what a front-end has at hand for a request: loads and weights by place, tables that were built before.</summary>
public class PickBenchmarks
{
    private const double Unseen = 20;

    private static readonly IPAddress ClientAddress = IPAddress.Parse("2001:db8:1:2:3:4:5:6");

    private PickPool _pool = null!;
    private WeightedRoundRobinSchedule _schedule = null!;
    private MaglevTable _maglev = null!;
    private HashRing _ring = null!;
    private PickTurn _turn = null!;
    private PickRandom _random = new(42);
    private ulong _key;

    /// <summary>Backends in the pool.</summary>
    [Params(10, 100, 1000)]
    public int Backends { get; set; }

    /// <summary>Builds what is built off the request path.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _pool = new PickPool(Backends);
        _schedule = WeightedRoundRobinSchedule.Build(_pool.Weights);
        _maglev = MaglevTable.Build(_pool.Backends);
        _ring = HashRing.Build(_pool.Backends);
        _turn = PickTurn.Of("frontend", "pool");
    }

    /// <summary>RoundRobin.</summary>
    [Benchmark]
    public int RoundRobin() => RoundRobinPicker.Pick(Backends, _turn.Next());

    /// <summary>WeightedRoundRobin.</summary>
    [Benchmark]
    public int WeightedRoundRobin() => _schedule.Pick(_turn.Next());

    /// <summary>Random.</summary>
    [Benchmark]
    public int Random() => RandomPicker.Pick(Backends, ref _random);

    /// <summary>WeightedRandom.</summary>
    [Benchmark]
    public int WeightedRandom() => _pool.Table.Pick(ref _random);

    /// <summary>IpHash: the address hashed, then the table.</summary>
    [Benchmark]
    public int IpHash() => _maglev.Pick(HashKey.Of(ClientAddress), _pool.Places);

    /// <summary>UrlHash, HeaderHash, CookieHash: a text of 32 characters hashed, then the table.</summary>
    [Benchmark]
    public int UrlHash() => _maglev.Pick(HashKey.Of("/api/v1/customers/1234567/orders"), _pool.Places);

    /// <summary>Maglev from a hash.</summary>
    [Benchmark]
    public int Maglev() => _maglev.Pick(NextKey(), _pool.Places);

    /// <summary>Maglev from a hash, a tenth of the pool away.</summary>
    [Benchmark]
    public int MaglevSomeAway() => _maglev.Pick(NextKey(), _pool.PlacesWithSomeAway);

    /// <summary>ConsistentHash from a hash.</summary>
    [Benchmark]
    public int ConsistentHash() => _ring.Pick(NextKey(), _pool.Places);

    /// <summary>Rendezvous from a hash.</summary>
    [Benchmark]
    public int Rendezvous() => WeightedRendezvous.Pick(NextKey(), _pool.Backends, _pool.Places);

    /// <summary>BoundedLoadHash from a hash.</summary>
    [Benchmark]
    public int BoundedLoadHash() => BoundedLoadPicker.Pick(_maglev, NextKey(), _pool.Places, _pool.Loads, _pool.Weights);

    /// <summary>ClusterLeastRequests, nothing unseen.</summary>
    [Benchmark]
    public int ClusterLeastRequestsFresh() => LeastRequestsPicker.Pick(_pool.Loads, _pool.Loads, _pool.Weights, 0, ref _random);

    /// <summary>ClusterLeastRequests, twenty requests unseen.</summary>
    [Benchmark]
    public int ClusterLeastRequestsUnseen() => LeastRequestsPicker.Pick(_pool.Loads, _pool.Loads, _pool.Weights, Unseen, ref _random);

    /// <summary>ClusterPowerOfTwoChoices.</summary>
    [Benchmark]
    public int ClusterPowerOfTwoChoices() => PowerOfTwoChoicesPicker.Pick(_pool.Loads, _pool.Table, ref _random);

    /// <summary>LeastResponseTime, twenty requests unseen.</summary>
    [Benchmark]
    public int LeastResponseTimeUnseen() => LeastResponseTimePicker.Pick(_pool.Loads, _pool.Loads, _pool.Speeds, Unseen, ref _random);

    /// <summary>HotCold, nothing unseen.</summary>
    [Benchmark]
    public int HotColdFresh() => HotColdPicker.Pick(_pool.Loads, _pool.Paces, _pool.HotAbove, 0, _pool.Table, ref _random);

    /// <summary>HotCold, twenty requests unseen.</summary>
    [Benchmark]
    public int HotColdUnseen() => HotColdPicker.Pick(_pool.Loads, _pool.Paces, _pool.HotAbove, Unseen, _pool.Table, ref _random);

    // Each pick at another place of the tables, as requests come.
    private HashKey NextKey() => new(_key += 0x9E3779B97F4A7C15);
}
