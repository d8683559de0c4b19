using System.Net;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Configuration;
using OrleansLb.Core.Networks;
using OrleansLb.Frontend.Http.Forwarding;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Transforms.Builder;

namespace OrleansLb.Microbenchmarks;

/// <summary>What is looked up about a route for each of its requests: who may come in, and what is done to its heads.</summary>
public class AccessBenchmarks
{
    private static readonly IPAddress Inside = IPAddress.Parse("10.0.3.17");
    private static readonly IPAddress Outside = IPAddress.Parse("2001:db8:1:2:3:4:5:6");

    private readonly RouteConfig _route = new() { RouteId = "app", ClusterId = "app", Match = new RouteMatch { Path = "/{**rest}" } };
    private RoutePlans _plans = null!;
    private RouteAccess _access = null!;

    /// <summary>Networks that the route names.</summary>
    [Params(1, 100, 10_000)]
    public int Networks { get; set; }

    /// <summary>Makes the route.</summary>
    [GlobalSetup]
    public void Setup()
    {
        var allowed = Enumerable.Range(0, Networks).Select(static number => new IPNetwork(new IPAddress([10, (byte)(number >> 8), (byte)number, 0]), 24));
        _access = RouteAccess.Parse(RouteAccess.Write(allowed.Append(IPNetwork.Parse("10.0.3.0/24")), [], [], Array.Empty<CountryCode>()));
        var services = new ServiceCollection().AddSingleton<RoutePlans>();
        services.AddSingleton<ITransformProvider>(static provider => provider.GetRequiredService<RoutePlans>());
        _plans = services.BuildServiceProvider().GetRequiredService<RoutePlans>();
        _plans.Apply(new TransformBuilderContext { Route = _route });
    }

    /// <summary>A client of one of the networks.</summary>
    [Benchmark]
    public bool? Admit() => _access.Admits(Inside);

    /// <summary>A client of none.</summary>
    [Benchmark]
    public bool? Refuse() => _access.Admits(Outside);

    /// <summary>How the forwarder treats the route.</summary>
    [Benchmark]
    public object? PlanOfARoute() => _plans.Of(_route);
}
