using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using OrleansLb.Chaos;
using OrleansLb.Process.Tests.Faults.Figures;
using OrleansLb.Process.Tests.Networks;
using OrleansLb.Process.Tests.Processes;

namespace OrleansLb.Process.Tests.Faults;

/// <summary>F6: one backend of three becomes fifty times as slow, and one does not answer at all.</summary>
[Collection(NetworkCollection.Name)]
public sealed class SlowBackendTests(NetworkCluster cluster)
{
    private const string Row = "F6";
    private const double RequestsPerSecond = 60;
    private const string ByTime = "slow-by-time";
    private const string ByLoad = "slow-by-load";
    private const string Hole = "hole";
    private const string SilentIsOut = $"Backend {Hole}/b1 went from Up to Down here.";

    // What is left of a share of which 90 % has moved.
    private const double Left = 0.1;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Usual = TimeSpan.FromMilliseconds(4);
    private static readonly TimeSpan Moved = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Looked = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task SlowBackend_And_SilentBackend_LoseTheirShare_AndOthersAreNotHarmed()
    {
        await using var slow = ProxyOf(cluster.Processes.Backends[0]);
        await using var silent = ProxyOf(cluster.Processes.Backends[0]);
        await cluster.Serve((ByTime, PoolOf("LeastResponseTime", slow)), (ByLoad, PoolOf("ClusterLeastRequests", slow)), (Hole, PoolOf("ClusterLeastRequests", silent)));
        var frontends = cluster.Processes.Frontends.Take(2).ToList();
        await using var load = new OpenLoopLoad(4 * RequestsPerSecond, frontends.SelectMany(static frontend => ((string[])[ByTime, ByLoad, Hole, "app"])
            .Select(pool => new Uri(frontend.Address, pool == "app" ? "/delay/4" : $"/{pool}/delay/4"))));
        await Eventually.Holds("the load has run for a while", Patience, () => Task.FromResult(load.Elapsed >= Looked));

        var began = load.Elapsed;
        slow.Weather = new ChaosWeather { ToClient = new ChaosWay { Delay = 49 * Usual } };
        silent.Weather = new ChaosWeather { ToClient = new ChaosWay { IsBlackHole = true } };
        await Eventually.Holds("the silent backend is out", Patience, () => Task.FromResult(frontends.TrueForAll(static frontend => frontend.Output.Contains(SilentIsOut, StringComparison.Ordinal))), cluster.Processes.Logs);
        var isOut = load.Elapsed;
        await Eventually.Holds("the share has moved, and some more has passed", Patience, () => Task.FromResult(load.Elapsed >= began + Moved + Looked && load.Elapsed >= isOut + Looked));
        var outcomes = await load.Stop();
        slow.Weather = silent.Weather = ChaosWeather.Fair;
        cluster.Forget(ByTime, ByLoad, Hole);
        await cluster.IsWhole();

        var byTime = ShareLeft(outcomes, ByTime, began);
        SayShare("one backend of three 50 times as slow, LeastResponseTime", byTime);
        SayShare("one backend of three 50 times as slow, ClusterLeastRequests", ShareLeft(outcomes, ByLoad, began));
        var silentLeft = TimedOut(outcomes, began + Moved, TimeSpan.MaxValue).Count * 3.0 / Of(outcomes, Hole, began + Moved, TimeSpan.MaxValue).Count;
        SayShare("one backend of three does not answer", silentLeft);
        AssertTimeouts(TimedOut(outcomes, began, TimeSpan.MaxValue));
        // Load alone would leave it the odd request for ever.
        Assert.Empty(TimedOut(outcomes, isOut, TimeSpan.MaxValue));
        AssertOthers(outcomes, began);
        Assert.True(byTime <= Left, $"{byTime:P1} of the slow backend's share is left.");
        Assert.True(silentLeft <= Left, $"{silentLeft:P1} of the silent backend's share is left.");
    }

    /// <summary>What the slow backend gets of a third, once its share should have moved.</summary>
    private double ShareLeft(IReadOnlyList<RequestOutcome> outcomes, string pool, TimeSpan began)
    {
        var after = Of(outcomes, pool, began + Moved, TimeSpan.MaxValue);
        Assert.All(Of(outcomes, pool, TimeSpan.Zero, TimeSpan.MaxValue), static outcome => Assert.False(outcome.Failed, $"{outcome}"));
        return 3.0 * after.Count(outcome => outcome.Backend == cluster.Processes.Backends[0].Name) / after.Count;
    }

    private static void AssertTimeouts(IReadOnlyList<RequestOutcome> timedOut)
    {
        Assert.NotEmpty(timedOut);
        Assert.All(timedOut, static outcome => Assert.Equal(504, outcome.Status));
        var waits = timedOut.Select(static outcome => outcome.Duration).Order().ToList();
        FaultFigures.Say(Row, "one backend of three does not answer", "504 after", $"{Milliseconds(waits[0])} to {Milliseconds(waits[^1])}", $"{Milliseconds(Timeout)} +-100 ms", "the timeout that is configured");
        Assert.True(waits[0] >= Timeout * 0.9, $"A 504 came after {waits[0]}.");
        Assert.True(waits[waits.Count / 2] <= Timeout * 2, $"Half of the 504 came after {waits[waits.Count / 2]}.");
    }

    private static void AssertOthers(IReadOnlyList<RequestOutcome> outcomes, TimeSpan began)
    {
        var (before, during) = (Of(outcomes, "app", TimeSpan.Zero, began), Of(outcomes, "app", began, TimeSpan.MaxValue));
        FaultFigures.Say(Row, "other pools meanwhile", "p99 before, during", $"{Milliseconds(P99(before))}, {Milliseconds(P99(during))}", "+10 %");
        FaultFigures.Say(Row, "other pools meanwhile", "failed requests", $"{during.Count(static outcome => outcome.Failed)} of {during.Count}", "0");
        Assert.All(during, static outcome => Assert.False(outcome.Failed, $"{outcome}"));
    }

    private static void SayShare(string fault, double left) =>
        FaultFigures.Say(Row, fault, "of its share it has after 5 s", string.Create(CultureInfo.InvariantCulture, $"{left:P1}"), "10 %", "-");

    private static List<RequestOutcome> TimedOut(IEnumerable<RequestOutcome> outcomes, TimeSpan from, TimeSpan to) =>
        [.. Of(outcomes, Hole, from, to).Where(static outcome => outcome.Failed)];

    private static List<RequestOutcome> Of(IEnumerable<RequestOutcome> outcomes, string pool, TimeSpan from, TimeSpan to) =>
        [.. outcomes.Where(outcome => outcome.Target.Segments[1].TrimEnd('/') == (pool == "app" ? "delay" : pool) && outcome.At >= from && outcome.At < to)];

    private static TimeSpan P99(List<RequestOutcome> outcomes) =>
        outcomes.Select(static outcome => outcome.Duration).Order().ElementAt(outcomes.Count * 99 / 100);

    private static string Milliseconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:F0} ms");

    private ChaosProxy ProxyOf(BackendProcess backend) => new(
        new IPEndPoint(IPAddress.Parse(backend.Address.Host), backend.Address.Port), seed: 6, new IPEndPoint(IPAddress.Parse(cluster.Network.Address), 0));

    private JsonObject PoolOf(string policy, ChaosProxy first)
    {
        var destinations = new JsonObject { ["b1"] = new JsonObject { ["Address"] = $"http://{first.Address}/" } };
        foreach (var backend in cluster.Processes.Backends.Skip(1))
            destinations[backend.Name] = new JsonObject { ["Address"] = backend.Address.ToString() };
        return new JsonObject
        {
            ["LoadBalancingPolicy"] = policy,
            ["HttpRequest"] = new JsonObject { ["ActivityTimeout"] = Timeout.ToString("c") },
            ["HealthCheck"] = new JsonObject
            {
                ["Active"] = new JsonObject
                {
                    ["Enabled"] = true,
                    ["Policy"] = "ClusterConsecutiveFailures",
                    ["Interval"] = "00:00:01",
                    ["Timeout"] = "00:00:00.500",
                    ["Path"] = "/health",
                },
            },
            ["Destinations"] = destinations,
        };
    }
}
