using System.Net;

namespace OrleansLb.Frontend.Tests.Routing;

public sealed class EmptyPoolTests
{
    [Theory]
    [InlineData("RoundRobin")]
    [InlineData("WeightedRandom")]
    [InlineData("ClusterLeastRequests")]
    [InlineData("ClusterPowerOfTwoChoices")]
    [InlineData("LeastResponseTime")]
    [InlineData("HotCold")]
    [InlineData("ResourceBased")]
    [InlineData("IpHash")]
    [InlineData("ConsistentHash")]
    [InlineData("BoundedLoadHash")]
    public async Task Request_PoolHasNoBackend_Answers503(string policy)
    {
        await using var frontend = await FrontendHost.Start(new FrontendHostOptions { Policy = policy }, new Dictionary<string, string>());
        using var client = new HttpClient();

        using var answer = await client.GetAsync(new Uri(frontend.Http1, "/id"), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
    }
}
