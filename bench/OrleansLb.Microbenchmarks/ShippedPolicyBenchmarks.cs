using System.Collections.Frozen;
using System.Net;
using BenchmarkDotNet.Attributes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Core;
using OrleansLb.Core.Balancing;
using OrleansLb.Core.Balancing.Exchange;
using OrleansLb.Core.Hashing;
using OrleansLb.Core.Snapshots;
using OrleansLb.Frontend;
using OrleansLb.Frontend.Http.LoadBalancing;
using OrleansLb.Frontend.Pools;
using Yarp.ReverseProxy.LoadBalancing;
using Yarp.ReverseProxy.Model;

namespace OrleansLb.Microbenchmarks;

/// <summary>
/// One pick of each policy as a front-end makes it, for YARP: the plan of the list is found, the key is taken out of the request, in-flight counts of its own and
/// the snapshot of the others' are read, and the machine picks.
/// </summary>
public class ShippedPolicyBenchmarks
{
    private const string PoolId = "app";

    private static readonly TimeSpan Age = TimeSpan.FromMilliseconds(10);

    private readonly StandingClock _clock = new();
    private readonly ClusterState _cluster = new(PoolId);
    private DefaultHttpContext _context = null!;
    private ILoadBalancingPolicy _policy = null!;
    private DestinationState[] _destinations = null!;

    /// <summary>Every policy of ours.</summary>
    public static IEnumerable<string> Policies => LoadBalancingPolicyNames.All.Except(LoadBalancingPolicyNames.OfYarp).Order();

    /// <summary>The policy.</summary>
    [ParamsSource(nameof(Policies))]
    public string Policy { get; set; } = "";

    /// <summary>Backends in the pool.</summary>
    [Params(10, 100, 1000)]
    public int Backends { get; set; }

    /// <summary>A snapshot that was true just now.</summary>
    [GlobalSetup(Target = nameof(Fresh))]
    public void SetupFresh()
    {
        var services = new ServiceCollection();
        services.AddKeyedSingleton<TimeProvider>(Clocks.Key, _clock);
        services.Configure<FrontendOptions>(static options => options.Id = "fe");
        services.AddSingleton<PoolTable>();
        services.AddClusterPolicies();
        var provider = services.BuildServiceProvider();
        _policy = provider.GetServices<ILoadBalancingPolicy>().Single(policy => policy.Name == Policy);
        var pools = provider.GetRequiredService<PoolTable>();
        pools.Apply(ClusterSnapshot.Empty with { Pools = new Dictionary<string, PoolDefinition> { [PoolId] = Definition() }.ToFrozenDictionary() });
        _destinations = [.. pools.Current[PoolId].Definition.Backends.Select(static backend => new DestinationState(backend.Id))];
        _context = new DefaultHttpContext { Connection = { RemoteIpAddress = IPAddress.Parse("2001:db8:1:2:3:4:5:6") } };
        _context.Request.Path = "/api/v1/customers/1234567/orders";
        _context.Request.Headers["X-Key"] = "customer-1234567";
        _context.Request.Headers.Cookie = "theme=dark; key=customer-1234567";
        Occupy(pools.Current[PoolId]);
    }

    /// <summary>A snapshot of some milliseconds ago, since when the others have sent some requests.</summary>
    [GlobalSetup(Target = nameof(Unseen))]
    public void SetupUnseen()
    {
        SetupFresh();
        _clock.Move(Age);
    }

    /// <summary>With nothing unseen.</summary>
    [Benchmark]
    public object? Fresh() => _policy.PickDestination(_context, _cluster, _destinations);

    /// <summary>With requests of the others on their way; the same for policies that know no load.</summary>
    [Benchmark]
    public object? Unseen() => _policy.PickDestination(_context, _cluster, _destinations);

    private PoolDefinition Definition()
    {
        var random = new PickRandom(7);
        return new PoolDefinition
        {
            Id = PoolId,
            Balancing = new BalancingDefinition { Policy = Policy, HashKey = Key() },
            Backends = [.. Enumerable.Range(0, Backends).Select(i => new BackendDefinition(
                $"backend-{i}", new Uri("http://127.0.0.1:1/"), new Uri("http://127.0.0.1:1/"), null, 1 + random.Next(10), 1, BackendKey.Of(PoolId, $"backend-{i}", 1)))],
        };
    }

    private HashKeyDefinition Key() => Policy switch
    {
        LoadBalancingPolicyNames.IpHash => HashKeyDefinition.ClientIp,
        LoadBalancingPolicyNames.UrlHash => new HashKeyDefinition { Source = HashKeySourceNames.Path },
        LoadBalancingPolicyNames.CookieHash => new HashKeyDefinition { Source = HashKeySourceNames.Cookie, Name = "key" },
        _ => new HashKeyDefinition { Source = HashKeySourceNames.Header, Name = "X-Key" },
    };

    /// <summary>Some requests at each backend, of this front-end and, by a real exchange, of another that sends two thousand a second.</summary>
    private void Occupy(FrontendPool pool)
    {
        var random = new PickRandom(11);
        foreach (var slot in pool.Slots)
        {
            for (var i = random.Next(4); i > 0; i--)
                slot.Begin();
            slot.Answered(_clock.Now, TimeSpan.FromMilliseconds(1 + random.Next(20)), 200);
        }

        var machine = new PoolLoadMachine("silo", _clock.Now - TimeSpan.FromMinutes(1));
        var (self, other) = (new FrontendLoadMachine("self", 1), new FrontendLoadMachine("other", 1));
        self.SetBackends(pool.Keys);
        LoadEntry[] entries = [.. pool.Keys.Select(key => new LoadEntry(key, random.Next(8), 0))];
        for (var second = 0; second < 5; second++)
        {
            var counters = new TrafficCounters(2_000 * second, 2_000 * second, TimeSpan.FromMilliseconds(10) * 2_000 * second);
            machine.Exchange(other.Report(entries, counters, _clock.Now), _clock.Now);
            self.Accept(machine.Exchange(self.Report([], default, _clock.Now), _clock.Now));
            if (second < 4)
                _clock.Move(TimeSpan.FromSeconds(1));
        }

        pool.Load.View = self.View;
    }
}
