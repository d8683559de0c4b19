namespace OrleansLb.Frontend.Tests.Retries;

/// <summary>A pool of the cluster half of whose answers are failures, and then all of them, and what three front-ends make of that.</summary>
public sealed class RetryStormTests
{
    private const int RequestsOfEach = 250;

    [Fact]
    public async Task Tries_OfTheCluster_AreAFifthMoreThanRequestsAndTenASecond()
    {
        await using var backends = new ScriptedBackends();
        await backends.Start(503, 503, 200, 200);
        await using var fleet = await StormFleet.Start(
            backends.Addresses.Values,
            ("ReverseProxy:Clusters:app:LoadBalancingPolicy", "RoundRobin"),
            ("ReverseProxy:Clusters:app:OrleansLb:Retry:MaxAttempts", "4"),
            ("ReverseProxy:Clusters:app:OrleansLb:Retry:On:0", "500-599"));

        var (requests, failed) = await fleet.Storm(RequestsOfEach);
        var tries = backends.Requests;
        fleet.AssertIsWithinBudget(tries);
        // Half of the first tries fail. What is tried again may fail again, but most of it does not.
        Assert.True(tries > requests * 1.1, $"{tries} tries of {requests} requests");
        Assert.True(failed < requests / 2, $"{failed} of {requests} requests failed");

        foreach (var backend in backends)
            backend.Status = 503;
        var (more, all) = await fleet.Storm(RequestsOfEach);
        fleet.AssertIsWithinBudget(backends.Requests);
        Assert.Equal(more, all);
    }
}
