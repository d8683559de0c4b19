using OrleansLb.Frontend.Tests.Concurrency;
using OrleansLb.Frontend.Tests.LoadBalancing;

namespace OrleansLb.Frontend.Tests.Retries;

/// <summary>A pool of the cluster all of whose backends are slower than a request waits before it goes to a second one, and what three front-ends make of that.</summary>
public sealed class HedgeStormTests
{
    private const int RequestsOfEach = 60;

    private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(15);

    [Fact]
    public async Task Tries_OfTheCluster_AreAFifthMoreThanRequestsAndTenASecond()
    {
        await using var backends = new Disposables<HoldingBackend>();
        for (var i = 0; i < 3; i++)
            backends.Add(await HoldingBackend.Start($"b{i}", Slow));
        await using var fleet = await StormFleet.Start(
            backends.Select(static backend => backend.Address),
            ("ReverseProxy:Clusters:app:LoadBalancingPolicy", "ClusterLeastRequests"),
            ("ReverseProxy:Routes:app:OrleansLb:Hedge:Delay", "00:00:00.001"));

        var (requests, failed) = await fleet.Storm(RequestsOfEach);

        var tries = backends.Sum(static backend => backend.Arrivals.Length);
        fleet.AssertIsWithinBudget(tries);
        Assert.True(tries > requests, "No request went to a second backend.");
        Assert.Equal(0, failed);
    }
}
