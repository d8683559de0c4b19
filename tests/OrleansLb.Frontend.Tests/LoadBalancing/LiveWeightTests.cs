using OrleansLb.Frontend.Tests.Concurrency;
using OrleansLb.Frontend.Tests.Health;
using OrleansLb.Testing.Clusters;
using OrleansLb.Testing.Routing;

namespace OrleansLb.Frontend.Tests.LoadBalancing;

/// <summary>Weights that a new configuration changes while requests are under way.</summary>
public sealed class LiveWeightTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("orleanslb").FullName;
    private readonly HttpClient _client = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _client.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task Weight_IsChanged_SharesFollowAndWhatIsInFlightStaysCounted()
    {
        await using var light = await HoldingBackend.Start("light");
        await using var heavy = await HoldingBackend.Start("heavy");
        await using var cluster = await TestClusters.Start();
        var document = TestConfigurations.OnePool(light.Address, heavy.Address).With(("ReverseProxy:Clusters:app:LoadBalancingPolicy", "ClusterLeastRequests"));
        var version = await cluster.Client.Apply(document);
        await using var frontend = await ClusterFrontend.Start(_directory, cluster.Client);
        await frontend.Configuration.Reaches(version);
        var requests = await Send(frontend, 8, [light, heavy]);
        Assert.Equal((4, 4), (light.Inside, heavy.Inside));

        await frontend.Configuration.Reaches(await cluster.Client.Apply(document.With(("ReverseProxy:Clusters:app:Destinations:b1:OrleansLb:Weight", "5"))));

        // Four are still there at each: all that come make up for it.
        Assert.Equal([4, 4], frontend.Pool().Slots.Select(static slot => (int)slot.PickLoad));
        requests.AddRange(await Send(frontend, 16, [light, heavy]));
        Assert.Equal((4, 20), (light.Inside, heavy.Inside));

        light.ReleaseAll();
        heavy.ReleaseAll();
        Assert.All(await Task.WhenAll(requests), static answer => Assert.True(answer.IsSuccessStatusCode));
    }

    /// <summary>Sends one after the other has arrived, so that each is picked with all before it known.</summary>
    private async Task<List<Task<HttpResponseMessage>>> Send(ClusterFrontend frontend, int count, HoldingBackend[] backends)
    {
        var sent = new List<Task<HttpResponseMessage>>();
        for (var i = 0; i < count; i++)
        {
            var inside = backends.Sum(static backend => backend.Inside);
            sent.Add(_client.GetAsync(frontend.Address, Cancellation));
            await Eventually.Is(() => backends.Sum(static backend => backend.Inside) == inside + 1);
        }

        return sent;
    }
}
