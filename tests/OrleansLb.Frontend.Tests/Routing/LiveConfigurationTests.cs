using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansLb.Frontend.Http.Routing;
using OrleansLb.Frontend.Pools;
using OrleansLb.Testing.Clusters;
using OrleansLb.Testing.Routing;

namespace OrleansLb.Frontend.Tests.Routing;

public sealed class LiveConfigurationTests : IDisposable
{
    private const int Clients = 8;
    private const int Changes = 12;

    private readonly string _directory = Directory.CreateTempSubdirectory("orleanslb").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Apply_NewVersionsUnderConstantRequests_LosesNone()
    {
        await using var first = await Backend.Start("first");
        await using var second = await Backend.Start("second");
        await using var cluster = await TestClusters.Start();
        await cluster.Client.Apply(TestConfigurations.OnePool(first.Address));
        await using var frontend = await ClusterFrontend.Start(_directory, cluster.Client);
        await Routes(frontend, 1);

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var clients = Enumerable.Range(0, Clients).Select(_ => Request(frontend.Address, stop.Token)).ToArray();
        for (var change = 1; change <= Changes; change++)
        {
            var (policy, backend) = change % 2 == 0 ? ("Random", first) : ("RoundRobin", second);
            var document = TestConfigurations.OnePool(backend.Address).With(
                ("ReverseProxy:Clusters:app:LoadBalancingPolicy", policy),
                ("ReverseProxy:Routes:app:Order", change.ToString(CultureInfo.InvariantCulture)));
            await Routes(frontend, await cluster.Client.Apply(document));
            Assert.Equal(backend.Id, await Get(frontend));
        }

        await stop.CancelAsync();
        var answers = (await Task.WhenAll(clients)).SelectMany(static answers => answers).ToArray();
        Assert.True(answers.Length > Clients * Changes, $"Only {answers.Length} requests were made.");
        Assert.All(answers, static answer => Assert.Equal(HttpStatusCode.OK, answer));
    }

    [Fact]
    public async Task Apply_RefusedConfiguration_ChangesNothing()
    {
        await using var backend = await Backend.Start("first");
        await using var cluster = await TestClusters.Start();
        var version = await cluster.Client.Apply(TestConfigurations.OnePool(backend.Address));
        await using var frontend = await ClusterFrontend.Start(_directory, cluster.Client);
        await Routes(frontend, version);

        await cluster.Client.Submit(TestConfigurations.OnePool("nowhere"), "administrator", isFile: false);

        Assert.Equal("first", await Get(frontend));
        Assert.Equal(version, frontend.Configuration.Current.Snapshot.Version);
    }

    [Fact]
    public async Task Apply_ASubscriberThrows_OthersFollowAndTheNextVersionIsServed()
    {
        await using var backend = await Backend.Start("first");
        await using var cluster = await TestClusters.Start();
        await cluster.Client.Apply(TestConfigurations.OnePool(backend.Address));
        await using var frontend = await ClusterFrontend.Start(_directory, cluster.Client, static services => services.AddFakeLogging());
        await Routes(frontend, 1);
        var followed = new ConcurrentQueue<long>();
        frontend.Services.GetRequiredService<PoolTable>().Changed += static _ => throw new InvalidOperationException("The pools' subscriber is broken.");
        frontend.Configuration.Changed += static _ => throw new InvalidOperationException("The configuration's subscriber is broken.");
        frontend.Configuration.Changed += configuration => followed.Enqueue(configuration.Snapshot.Version);

        for (var order = 2; order <= 3; order++)
        {
            var document = TestConfigurations.OnePool(backend.Address).With(("ReverseProxy:Routes:app:Order", order.ToString(CultureInfo.InvariantCulture)));
            await Routes(frontend, await cluster.Client.Apply(document));
        }

        Assert.Equal([2, 3], followed);
        var failures = frontend.Services.GetFakeLogCollector().GetSnapshot().Where(static record => record.Id.Id == 3038).ToArray();
        Assert.All(failures, static record => Assert.Equal(LogLevel.Error, record.Level));
        Assert.Equal(["2", "2", "3", "3"], failures.Select(static record => record.GetStructuredStateValue("Version")));
        Assert.Contains("The pools' subscriber is broken.", failures.Select(static record => record.Exception!.Message));
    }

    [Fact]
    public async Task Start_WithoutAnyConfiguration_Answers503UntilTheFirstVersionIsInForce()
    {
        await using var backend = await Backend.Start("first");
        await using var cluster = await TestClusters.Start();
        await using var frontend = await ClusterFrontend.Start(_directory, cluster.Client);
        using var client = new HttpClient();

        using var before = await client.GetAsync(new Uri(frontend.Address, "/id"), Cancellation);
        var ready = frontend.Readiness;
        await Routes(frontend, await cluster.Client.Apply(TestConfigurations.OnePool(backend.Address)));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, before.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(1), before.Headers.RetryAfter!.Delta);
        Assert.False(ready.IsReady);
        Assert.Equal("first", await Get(frontend));
        Assert.True(frontend.Readiness.IsReady);
    }

    [Fact]
    public async Task Apply_RateLimiterPolicyThatDidNotExistAtStart_IsTakenByYarp()
    {
        await using var backend = await Backend.Start("first");
        await using var cluster = await TestClusters.Start();
        await cluster.Client.Apply(TestConfigurations.OnePool(backend.Address));
        await using var frontend = await ClusterFrontend.Start(_directory, cluster.Client);
        await Routes(frontend, 1);

        var version = await cluster.Client.Apply(TestConfigurations.OnePool(backend.Address).With(
            ("ReverseProxy:Routes:app:RateLimiterPolicy", "late"),
            ("OrleansLb:RateLimiting:Policies:late:Algorithm", "TokenBucket"),
            ("OrleansLb:RateLimiting:Policies:late:TokenLimit", "1000"),
            ("OrleansLb:RateLimiting:Policies:late:TokensPerPeriod", "1000"),
            ("OrleansLb:RateLimiting:Policies:late:ReplenishmentPeriod", "00:00:01")));
        await Routes(frontend, version);

        Assert.Equal("first", await Get(frontend));
    }

    /// <summary>Waits until YARP routes by a version: it takes it in the background, soon after the view has it.</summary>
    private static async Task Routes(ClusterFrontend frontend, long version)
    {
        await frontend.Configuration.Reaches(version);
        var routes = frontend.Services.GetRequiredService<RoutesInForce>();
        var applied = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Look()
        {
            if (routes.Version >= version)
                applied.TrySetResult();
        }

        routes.Applied += Look;
        Look();
        await applied.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        routes.Applied -= Look;
    }

    private static async Task<string> Get(ClusterFrontend frontend)
    {
        using var client = new HttpClient();
        return await client.GetStringAsync(new Uri(frontend.Address, "/id"), Cancellation);
    }

    private static async Task<List<HttpStatusCode>> Request(Uri address, CancellationToken stop)
    {
        using var client = new HttpClient();
        var answers = new List<HttpStatusCode>();
        while (!stop.IsCancellationRequested)
        {
            using var answer = await client.GetAsync(new Uri(address, "/id"), CancellationToken.None);
            answers.Add(answer.StatusCode);
        }

        return answers;
    }
}
