using System.Collections.Immutable;
using OrleansLb.Simulation.Scenarios;

namespace OrleansLb.Simulator.Experiments;

/// <summary>Pools and traffic that experiments go through.</summary>
internal static class Shape
{
    /// <summary>Single-server backends with exponential service and Poisson arrivals.</summary>
    public static Scenario Plain(int frontends, int backends, double load = 0.9) => new()
    {
        Name = $"{frontends} x {backends}",
        Frontends = frontends,
        Backends = Scenario.Alike(backends),
        Load = load,
        DelaySeconds = 0,
    };

    /// <summary>Every other backend has weight 3 and is three times as fast.</summary>
    public static Scenario Faster(int frontends, int backends = 20) => Plain(frontends, backends) with
    {
        Name = $"{frontends} x {backends}, weight 3 is 3 x faster",
        Backends = Half(new BackendShape(Servers: 1), new BackendShape(Slowness: 1 / 3.0, Weight: 3, Servers: 1), backends),
    };

    /// <summary>Every other backend has weight 3 and three servers.</summary>
    public static Scenario Wider(int frontends) => Plain(frontends, 20) with
    {
        Name = $"{frontends} x 20, weight 3 has 3 servers",
        Backends = Half(new BackendShape(Servers: 1), new BackendShape(Weight: 3, Servers: 3)),
    };

    /// <summary>Requests that come in bursts.</summary>
    public static Scenario InBursts(int frontends, int backends = 50) => Plain(frontends, backends) with
    {
        Name = $"{frontends} x {backends}, bursts",
        Arrivals = ArrivalLaw.Bursts,
    };

    /// <summary>One backend of twenty takes three times as long, and nobody was told.</summary>
    public static Scenario OneSlow(int frontends) => Plain(frontends, 20, 0.8) with
    {
        Name = $"{frontends} x 20, one 3 x slower, load 0.8",
        Backends = [new BackendShape(Slowness: 3, Servers: 1), .. Scenario.Alike(19)],
    };

    /// <summary>Backends that serve four at once.</summary>
    public static Scenario FourServers(int frontends, int backends, double load) => Plain(frontends, backends, load) with
    {
        Name = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{frontends} x {backends} of 4 servers, load {load}"),
        Backends = Scenario.Alike(backends, servers: 4),
    };

    /// <summary>Backends that serve all at once; only how even they are can be asked.</summary>
    public static Scenario Unlimited(int frontends, ImmutableArray<BackendShape> backends, double inFlight, string name) => Plain(frontends, 1, inFlight) with
    {
        Name = name,
        Backends = backends,
    };

    /// <summary>Backends of two kinds, in turns.</summary>
    public static ImmutableArray<BackendShape> Half(BackendShape even, BackendShape odd, int count = 20) =>
        [.. Enumerable.Range(0, count).Select(i => i % 2 == 0 ? even : odd)];
}
