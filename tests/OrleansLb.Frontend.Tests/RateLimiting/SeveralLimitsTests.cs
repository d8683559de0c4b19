using System.Diagnostics;
using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Configuration;
using OrleansLb.Frontend.Http.RateLimiting;
using OrleansLb.Frontend.Leases;
using OrleansLb.Testing.Clusters;
using OrleansLb.Testing.Routing;

namespace OrleansLb.Frontend.Tests.RateLimiting;

/// <summary>Routes with several limits: all must admit, and none is charged when another refuses.</summary>
public sealed class SeveralLimitsTests : IDisposable
{
    private const string Policies = "OrleansLb:RateLimiting:Policies";
    private const string Route = "ReverseProxy:Routes:app:OrleansLb:RateLimiterPolicies";

    private readonly string _directory = Directory.CreateTempSubdirectory("orleanslb").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData("Exact", "FixedWindow")]
    [InlineData("Exact", "SlidingWindowLog")]
    [InlineData("Leased", "FixedWindow")]
    public async Task Request_AnotherLimitRefuses_WhatTheFirstHadChargedComesBack(string mode, string algorithm)
    {
        await using var backend = await Backend.Start();
        await using var cluster = await TestClusters.Start();
        await using var frontend = await Start(cluster.Client, TestConfigurations.OnePool(backend.Address).With(
            [($"{Route}:0", "wide"), ($"{Route}:1", "narrow"), .. Window("wide", 40, mode, "Global", "All", algorithm), .. Window("narrow", 2, "Exact", "Header", "None")]));
        using var decisions = frontend.Collect(RateLimitMetrics.MeterName, "orleanslb.rate_limit.decisions");

        for (var client = 0; client < 8; client++)
        {
            Assert.Equal(HttpStatusCode.OK, await StatusOf(frontend, client));
            Assert.Equal(HttpStatusCode.OK, await StatusOf(frontend, client));
            using var refused = await Get(frontend, client);
            Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
            // It is narrow's answer, and that says nothing.
            Assert.False(refused.Headers.Contains("RateLimit"));
        }

        // 17 of 40 are used; what was charged in vain would make it 25. A reply that came too late may have cost one more.
        using var answer = await Get(frontend, client: 100);
        var left = answer.Headers.GetValues("RateLimit").Single();
        Assert.InRange(int.Parse(left.Split("r=")[1].Split(';')[0], CultureInfo.InvariantCulture), 20, 23);
        var measured = decisions.GetMeasurementSnapshot().Select(static each => (each.Tags["policy"], each.Tags["decision"])).ToArray();
        Assert.Equal(8, measured.Count(static each => each is ("wide", "given_back")));
        Assert.Equal(8, measured.Count(static each => each is ("narrow", "rejected")));
        Assert.Equal(17, measured.Count(static each => each is ("wide", "admitted_by_range" or "admitted_by_lease")));
    }

    [Fact]
    public async Task Request_RefusedBesideAQueue_TakesNoTurnOfIt()
    {
        await using var backend = await Backend.Start();
        await using var cluster = await TestClusters.Start();
        await using var frontend = await Start(cluster.Client, TestConfigurations.OnePool(backend.Address).With(
            [
                ("ReverseProxy:Routes:app:RateLimiterPolicy", "queue"),
                ($"{Route}:0", "narrow"),
                ("ReverseProxy:Routes:other:ClusterId", "app"),
                ("ReverseProxy:Routes:other:Match:Path", "/other"),
                ("ReverseProxy:Routes:other:RateLimiterPolicy", "narrow"),
                .. Window("queue", 1, "Exact", "Global", "None", "LeakyBucket"),
                .. Window("narrow", 1, "Exact", "Header", "None"),
            ]));
        await StatusOf(frontend, 1, "/other");
        using var decisions = frontend.Collect(RateLimitMetrics.MeterName, "orleanslb.rate_limit.decisions");

        Assert.Equal(HttpStatusCode.TooManyRequests, await StatusOf(frontend, 1));

        // It was not even asked.
        Assert.Equal(["narrow"], decisions.GetMeasurementSnapshot().Select(static each => each.Tags["policy"]));

        Assert.Equal(HttpStatusCode.OK, await StatusOf(frontend, 2));
        Assert.Equal(HttpStatusCode.TooManyRequests, await StatusOf(frontend, 3));
    }

    [Fact]
    public async Task Request_TwoQueuesOfWhichTheSecondIsFull_TheTurnOfTheFirstIsFreeAgain()
    {
        await using var backend = await Backend.Start();
        await using var cluster = await TestClusters.Start();
        await using var frontend = await Start(cluster.Client, TestConfigurations.OnePool(backend.Address).With(
            [
                ($"{Route}:0", "first"),
                ($"{Route}:1", "second"),
                ("ReverseProxy:Routes:other:ClusterId", "app"),
                ("ReverseProxy:Routes:other:Match:Path", "/other"),
                ("ReverseProxy:Routes:other:RateLimiterPolicy", "first"),
                .. Window("first", 1, "Exact", "Global", "None", "LeakyBucket"),
                .. Window("second", 1, "Exact", "Header", "None", "LeakyBucket"),
                ("ReverseProxy:Routes:filled:ClusterId", "app"),
                ("ReverseProxy:Routes:filled:Match:Path", "/filled"),
                ("ReverseProxy:Routes:filled:RateLimiterPolicy", "second"),
            ]));
        Assert.Equal(HttpStatusCode.OK, await StatusOf(frontend, 1, "/filled"));

        Assert.Equal(HttpStatusCode.TooManyRequests, await StatusOf(frontend, 1));

        Assert.Equal(HttpStatusCode.OK, await StatusOf(frontend, 1, "/other"));
    }

    [Fact]
    public async Task Request_AllAdmit_TheOneWithTheLeastLeftIsShown()
    {
        await using var backend = await Backend.Start();
        await using var cluster = await TestClusters.Start();
        await using var frontend = await Start(cluster.Client, TestConfigurations.OnePool(backend.Address).With(
            [($"{Route}:0", "wide"), ($"{Route}:1", "narrow"), .. Window("wide", 100, "Exact", "Global", "All"), .. Window("narrow", 5, "Exact", "Header", "All")]));

        using var admitted = await Get(frontend, client: 1);

        Assert.Equal("\"narrow\";q=5;w=86400", admitted.Headers.GetValues("RateLimit-Policy").Single());
        Assert.StartsWith("\"narrow\";r=", admitted.Headers.GetValues("RateLimit").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_OneIsTriedOut_CountsOnlyWhatTheOthersAdmit()
    {
        await using var backend = await Backend.Start();
        await using var cluster = await TestClusters.Start();
        await using var frontend = await Start(cluster.Client, TestConfigurations.OnePool(backend.Address).With(
            [
                ($"{Route}:0", "tried"),
                ($"{Route}:1", "narrow"),
                .. Window("tried", 1, "Exact", "Global", "None"),
                ($"{Policies}:tried:DryRun", "true"),
                .. Window("narrow", 2, "Exact", "Header", "None"),
            ]));
        using var decisions = frontend.Collect(RateLimitMetrics.MeterName, "orleanslb.rate_limit.decisions");

        HttpStatusCode[] statuses = [await StatusOf(frontend, 1), await StatusOf(frontend, 1), await StatusOf(frontend, 1)];

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.TooManyRequests], statuses);
        await decisions.WaitForMeasurementsAsync(minCount: 5, TimeSpan.FromSeconds(30));
        Assert.Equal(2, decisions.GetMeasurementSnapshot().Count(static each => each.Tags["policy"] is "tried"));
    }

    [Fact]
    public async Task Decide_LeasesPay_AllocatesNothing()
    {
        await using var backend = await Backend.Start();
        await using var cluster = await TestClusters.Start();
        await using var frontend = await Start(cluster.Client, TestConfigurations.OnePool(backend.Address).With(
            [($"{Route}:0", "wide"), ($"{Route}:1", "narrow"), .. Window("wide", 1_000_000_000, "Leased", "Global", "None"), .. Window("narrow", 1_000_000_000, "Leased", "Method", "None")]));
        var several = new SeveralLimits(frontend.Services.GetRequiredService<RateLimiterTable>(), frontend.Services.GetRequiredService<RateLimitMetrics>());
        var context = new DefaultHttpContext();
        var metadata = frontend.Configuration.Current.Routes.Single().Metadata!;
        var least = long.MaxValue;

        // Renewals allocate, and fall due now and then; a request between two of them must not, once the compiler has done its best.
        for (var patience = Stopwatch.StartNew(); patience.Elapsed < TimeSpan.FromSeconds(30) && least > 0;)
        {
            var (before, paid) = (GC.GetAllocatedBytesForCurrentThread(), 0);
            for (var time = 0; time < 20; time++)
                paid += (await several.Decide(context, "app", metadata)).Outcome.Verdict == LimitVerdict.AdmittedByLease ? 1 : 0;
            if (paid == 20)
                least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
    }

    private static (string Key, string? Value)[] Window(string policy, int limit, string mode, string partition, string headers, string algorithm = "FixedWindow") =>
    [
        ($"{Policies}:{policy}:Algorithm", algorithm),
        ($"{Policies}:{policy}:PermitLimit", limit.ToString(CultureInfo.InvariantCulture)),
        ($"{Policies}:{policy}:Window", algorithm == "LeakyBucket" ? "00:10:00" : "1.00:00:00"),
        ($"{Policies}:{policy}:Mode", mode),
        ($"{Policies}:{policy}:Partition", partition),
        ($"{Policies}:{policy}:PartitionHeader", partition == "Header" ? "X-Key" : null),
        ($"{Policies}:{policy}:Headers", headers),
    ];

    private static async Task<HttpStatusCode> StatusOf(ClusterFrontend frontend, int client, string path = "/id")
    {
        using var answer = await Get(frontend, client, path);
        return answer.StatusCode == HttpStatusCode.NotFound ? HttpStatusCode.OK : answer.StatusCode;
    }

    // Again while the front-end takes the cluster for lost, as where the machine had no turn for either of them for seconds: then nobody was asked, and nothing charged.
    private static async Task<HttpResponseMessage> Get(ClusterFrontend frontend, int client, string path = "/id")
    {
        using var http = new HttpClient();
        while (true)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(frontend.Address, path));
            request.Headers.Add("X-Key", client.ToString(CultureInfo.InvariantCulture));
            var answer = await http.SendAsync(request, Cancellation);
            if (answer.StatusCode != HttpStatusCode.ServiceUnavailable)
                return answer;
            answer.Dispose();
        }
    }

    private async Task<ClusterFrontend> Start(IClusterClient client, SettingsDocument configuration)
    {
        var version = await client.Apply(configuration);
        var frontend = await ClusterFrontend.Start(_directory, client);
        await frontend.Configuration.Reaches(version);
        return frontend;
    }
}
