using System.Diagnostics;
using System.Globalization;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Orleans.TestingHost;
using OrleansLb.Configuration;
using OrleansLb.Core.RateLimiting;
using OrleansLb.Frontend.Leases;
using OrleansLb.Testing.Clusters;
using OrleansLb.Testing.Routing;

namespace OrleansLb.Frontend.Tests.RateLimiting;

/// <summary>One limit over two front-ends with real listeners, under more demand than it admits, four fifths of it at the first.</summary>
public sealed class ClusterLimitTests : IDisposable
{
    private const int Burst = 20;
    private const int Rate = 40;
    private const double ClockTolerance = 1 + (2 * LimitRule.ClockRateTolerance);

    private readonly string _directory = Directory.CreateTempSubdirectory("orleanslb").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData("Exact")]
    [InlineData("Leased")]
    public async Task TokenBucket_TenfoldDemand_AdmitsAllOfTheLimitAndNoMore(string mode)
    {
        await using var backend = await Backend.Start();
        await using var cluster = await TestClusters.Start();
        await using var frontends = await Frontends(cluster, TokenBucket(backend, mode, "Route", Burst, Rate));
        var logs = await Load(frontends, keys: 1, demand: 10 * Rate, seconds: 10);

        Assert.True(logs[0].Excess(Burst, Rate * ClockTolerance) <= 0, $"{logs[0].Excess(Burst, Rate * ClockTolerance)} too many");
        var unasked = logs[0].Unasked((double)Burst / Rate);
        var allowed = Burst + (Rate * (logs[0].Last - logs[0].First - unasked));
        TestContext.Current.SendDiagnosticMessage($"{mode}: {logs[0].Count} of {allowed:F0} admitted; nobody asked for {unasked:F2} s");
        // On a machine that does other things too, a lease now and then comes late.
        Assert.InRange(logs[0].Count, 0.85 * allowed, double.MaxValue);
    }

    [Fact]
    public async Task SlidingWindowCounter_TenfoldDemand_AdmitsItsLimitAWindow()
    {
        await using var backend = await Backend.Start();
        await using var cluster = await TestClusters.Start();
        await using var frontends = await Frontends(cluster, Window(backend, limit: 20, "SlidingWindowCounter", "Exact"));
        var logs = await Load(frontends, keys: 1, demand: 200, seconds: 8);

        // In an interval of any length x at most L a window that it touches, that is L (x / W + 1) and the L of the first one.
        Assert.True(logs[0].Excess(2 * 20, 20 * ClockTolerance) <= 0, $"{logs[0].Excess(2 * 20, 20 * ClockTolerance)} too many");
        var windows = logs[0].Last - logs[0].First;
        Assert.InRange(logs[0].Count, 0.8 * 20 * windows, 20 * (windows + 2));
    }

    [Fact]
    public async Task TokenBucket_SiloKilled_NoKeyIsAdmittedMoreOftenAndAllGoOn()
    {
        const int keys = 8;
        const int burst = 8;
        const int rate = 5;
        await using var backend = await Backend.Start();
        await using var cluster = await TestClusters.Start(silos: 2);
        await using var frontends = await Frontends(cluster, TokenBucket(backend, "Auto", "Header", burst, rate));
        var load = Load(frontends, keys, demand: 3 * keys * rate, seconds: 16);
        await Task.Delay(TimeSpan.FromSeconds(5), Cancellation);
        await cluster.KillSiloAsync(cluster.Silos[1], TestContext.Current.CancellationToken);

        foreach (var log in await load)
        {
            Assert.True(log.Excess(burst, rate * ClockTolerance) <= 0, $"{log.Excess(burst, rate * ClockTolerance)} too many");
            Assert.True(log.After(seconds: 13) > 0, "a key was never admitted again");
        }
    }

    [Theory]
    [InlineData("TokenBucket")]
    [InlineData("FixedWindow")]
    [InlineData("SlidingWindowLog")]
    public async Task Acquire_LeasePays_AllocatesNothing(string algorithm)
    {
        await using var backend = await Backend.Start();
        await using var cluster = await TestClusters.Start();
        await using var frontends = await Frontends(cluster, algorithm == "TokenBucket"
            ? TokenBucket(backend, "Leased", "Route", 100_000, 100_000)
            : Window(backend, limit: 100_000, algorithm, "Leased"));
        var limiter = frontends.First.Services.GetRequiredService<RateLimiterTable>().Find("limit")!;
        var least = long.MaxValue;

        // Renewals allocate, and fall due now and then; a request between two of them must not.
        for (var round = 0; round < 10_000 && least > 0; round++)
        {
            var (before, paid) = (GC.GetAllocatedBytesForCurrentThread(), 0);
            for (var time = 0; time < 20; time++)
                paid += (await limiter.Acquire(default, 1)).Verdict == LimitVerdict.AdmittedByLease ? 1 : 0;
            if (paid == 20)
                least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
    }

    private static SettingsDocument TokenBucket(Backend backend, string mode, string partition, int burst, int rate) =>
        TestConfigurations.OnePool(backend.Address).With(
            ("ReverseProxy:Routes:app:RateLimiterPolicy", "limit"),
            ("OrleansLb:RateLimiting:Policies:limit:Algorithm", "TokenBucket"),
            ("OrleansLb:RateLimiting:Policies:limit:TokenLimit", burst.ToString(CultureInfo.InvariantCulture)),
            ("OrleansLb:RateLimiting:Policies:limit:TokensPerPeriod", rate.ToString(CultureInfo.InvariantCulture)),
            ("OrleansLb:RateLimiting:Policies:limit:ReplenishmentPeriod", "00:00:01"),
            ("OrleansLb:RateLimiting:Policies:limit:Mode", mode),
            ("OrleansLb:RateLimiting:Policies:limit:Partition", partition),
            ("OrleansLb:RateLimiting:Policies:limit:PartitionHeader", partition == "Header" ? "X-Key" : null));

    private static SettingsDocument Window(Backend backend, int limit, string algorithm, string mode) => TestConfigurations.OnePool(backend.Address).With(
        ("ReverseProxy:Routes:app:RateLimiterPolicy", "limit"),
        ("OrleansLb:RateLimiting:Policies:limit:Algorithm", algorithm),
        ("OrleansLb:RateLimiting:Policies:limit:Mode", mode),
        ("OrleansLb:RateLimiting:Policies:limit:PermitLimit", limit.ToString(CultureInfo.InvariantCulture)),
        ("OrleansLb:RateLimiting:Policies:limit:Window", "00:00:01"),
        ("OrleansLb:RateLimiting:Policies:limit:Partition", "Route"));

    private async Task<FrontendPair> Frontends(InProcessTestCluster cluster, SettingsDocument configuration)
    {
        var version = await cluster.Client.Apply(configuration);
        var pair = new FrontendPair(
            await ClusterFrontend.Start(Path.Combine(_directory, "1"), cluster.Client, id: "fe-1"),
            await ClusterFrontend.Start(Path.Combine(_directory, "2"), cluster.Client, id: "fe-2"));
        await pair.First.Configuration.Reaches(version);
        await pair.Second.Configuration.Reaches(version);
        // Until the cluster has settled requests wait, which would count as demand that met no limit.
        await Get(pair.First.Address, key: -1, Cancellation);
        return pair;
    }

    // Open loop: requests are sent when they are due, whether or not those before were answered.
    private static async Task<AdmissionLog[]> Load(FrontendPair frontends, int keys, int demand, int seconds)
    {
        var logs = Enumerable.Range(0, keys).Select(static _ => new AdmissionLog()).ToArray();
        var requests = new List<Task>();
        var time = Stopwatch.StartNew();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (time.Elapsed < TimeSpan.FromSeconds(seconds) && await timer.WaitForNextTickAsync(Cancellation))
        {
            while (requests.Count < time.Elapsed.TotalSeconds * demand)
            {
                var frontend = requests.Count % 5 == 0 ? frontends.Second : frontends.First;
                requests.Add(Request(frontend.Address, requests.Count % keys, logs, time));
            }
        }

        await Task.WhenAll(requests);
        return logs;
    }

    private static async Task Request(Uri frontend, int key, AdmissionLog[] logs, Stopwatch time)
    {
        var sent = time.Elapsed;
        logs[key].Asked(sent);
        if (await Get(frontend, key, Cancellation) == HttpStatusCode.OK)
            logs[key].Add(sent, time.Elapsed);
    }

    private static readonly HttpClient Client = new();

    private static async Task<HttpStatusCode> Get(Uri frontend, int key, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(frontend, "/id"));
        request.Headers.Add("X-Key", key.ToString(CultureInfo.InvariantCulture));
        using var answer = await Client.SendAsync(request, cancellation);
        return answer.StatusCode;
    }

    private sealed record FrontendPair(ClusterFrontend First, ClusterFrontend Second) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await First.DisposeAsync();
            await Second.DisposeAsync();
        }
    }
}
