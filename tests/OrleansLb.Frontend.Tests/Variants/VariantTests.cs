using Microsoft.Extensions.DependencyInjection;
using Orleans.TestingHost;
using OrleansLb.Frontend.Pools;
using OrleansLb.Frontend.Tests.LoadBalancing;
using OrleansLb.Testing.Backends;
using OrleansLb.Testing.Clusters;
using OrleansLb.Testing.Routing;

namespace OrleansLb.Frontend.Tests.Variants;

/// <summary>A route that is divided between two pools, at three front-ends, and a third pool that stands in.</summary>
public sealed class VariantTests : IAsyncLifetime
{
    private const string Route = "ReverseProxy:Routes:app:OrleansLb:";
    private const string Cookie = ".Lb.Variant";

    private readonly string _directory = Directory.CreateTempSubdirectory("orleanslb").FullName;
    private readonly Dictionary<string, SwitchableBackend> _backends = [];
    private readonly List<ClusterFrontend> _frontends = [];
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseCookies = false });
    private InProcessTestCluster _cluster = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _cluster = await TestClusters.Start();
        foreach (var pool in (string[])["app", "canary", "backup"])
            _backends[pool] = await SwitchableBackend.Start(pool);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        foreach (var frontend in _frontends)
            await frontend.DisposeAsync();
        await _cluster.DisposeAsync();
        foreach (var backend in _backends.Values)
            await backend.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Theory]
    [InlineData(95, 5)]
    [InlineData(2, 1)]
    [InlineData(999, 1)]
    public async Task Requests_AThousandOverAllFrontends_AreDividedWithinOnePercent(int stable, int canary)
    {
        await Start(("Split:Weights:app", $"{stable}"), ("Split:Weights:canary", $"{canary}"));
        var answers = await Task.WhenAll(_frontends.Select(async (frontend, index) =>
        {
            var mine = new List<string>();
            for (var i = 0; i < 200 + (index * 133); i++)
                mine.Add((await Ask(frontend)).Body);
            return mine;
        }));
        var all = answers.SelectMany(static each => each).ToArray();
        var share = (double)all.Count(static answer => answer == "canary") / all.Length;
        Assert.Equal(999, all.Length);
        Assert.InRange(share, ((double)canary / (stable + canary)) - 0.01, ((double)canary / (stable + canary)) + 0.01);
    }

    [Fact]
    public async Task Client_WithACookie_KeepsItsVariantAtEveryFrontendUntilThatHasNoWeight()
    {
        await Start(("Split:Weights:app", "1"), ("Split:Weights:canary", "1"), ("Split:Cookie", Cookie), ("Split:CookieMaxAge", "01:00:00"));
        var first = await Ask(_frontends[0]);
        while (first.Body != "canary")
            first = await Ask(_frontends[0]);
        Assert.Equal($"{Cookie}=canary; max-age=3600; path=/; samesite=lax; httponly", first.SetCookie);
        for (var i = 0; i < 30; i++)
            Assert.Equal(("canary", null), await Ask(_frontends[i % 3], ("Cookie", $"a=b; {Cookie}=canary")));

        await Apply(("Split:Weights:app", "1"), ("Split:Weights:canary", "0"), ("Split:Cookie", Cookie));
        await Eventually.Is(async () => (await Ask(_frontends[0], ("Cookie", $"{Cookie}=canary"))).Body == "app");
        var moved = await Ask(_frontends[0], ("Cookie", $"{Cookie}=canary"));
        Assert.Equal(("app", $"{Cookie}=app; path=/; samesite=lax; httponly"), moved);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("backup")]
    [InlineData("%zz")]
    [InlineData("")]
    public async Task Cookie_OfNoVariant_IsAsNone(string value)
    {
        await Start(("Split:Weights:app", "1"), ("Split:Weights:canary", "1"), ("Split:Cookie", Cookie), ("Failover", "backup"));
        var answer = await Ask(_frontends[0], ("Cookie", $"{Cookie}={value}"));
        Assert.Contains(answer.Body, (string[])["app", "canary"]);
        Assert.StartsWith($"{Cookie}={answer.Body};", answer.SetCookie, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Header_NamesAVariant_ItIsTakenAlsoWithoutWeightAndTheCookieStays()
    {
        await Start(("Split:Weights:app", "1"), ("Split:Weights:canary", "0"), ("Split:Cookie", Cookie), ("Split:Header", "X-Variant"));
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(("canary", null), await Ask(_frontends[0], ("X-Variant", "Canary"), ("Cookie", $"{Cookie}=app")));
            Assert.Equal("app", (await Ask(_frontends[0], ("X-Variant", "nonsense"))).Body);
        }
    }

    [Fact]
    public async Task Failover_PoolHasNobody_AnotherStandsInWithoutAFailedRequest()
    {
        await Start(("Failover", "backup"));
        Assert.Equal("app", (await Ask(_frontends[0])).Body);
        _backends["app"].Mode = BackendMode.Unavailable;
        await Eventually.Is(async () => (await Ask(_frontends[0])).Body == "backup");
        var before = _backends["app"].Requests;
        for (var i = 0; i < 20; i++)
            Assert.Equal("backup", (await Ask(_frontends[0])).Body);
        Assert.Equal(before, _backends["app"].Requests);
        _backends["app"].Mode = BackendMode.Good;
        await Eventually.Is(async () => (await Ask(_frontends[0])).Body == "app");
    }

    [Fact]
    public async Task Failover_OfABrokenCircuit_EndsByATrialAndNoRequestFailsButTrials()
    {
        await Start(
            ("Failover", "backup"),
            ("../../Clusters:app:OrleansLb:CircuitBreaker:BreakDuration", "00:00:00.300"),
            ("../../Clusters:app:OrleansLb:CircuitBreaker:MaxBreakDuration", "00:00:00.300"),
            ("../../Clusters:app:HealthCheck:Active:Enabled", "false"));
        _backends["app"].Mode = BackendMode.Erring;
        await Eventually.Is(async () => (await Ask(_frontends[0])).Body == "backup");
        var (before, tried) = (_backends["app"].Requests, 0);
        for (var i = 0; i < 100; i++)
            tried += (await Ask(_frontends[0])).Body == "app" ? 1 : 0;
        Assert.Equal(tried, _backends["app"].Requests - before);
        _backends["app"].Mode = BackendMode.Good;
        await Eventually.Is(async () => (await Ask(_frontends[0])).Body == "app");
        await Eventually.Is(() => _frontends.All(static frontend => frontend.Services.GetRequiredService<PoolTable>().Current["app"].Health.TakesNew(0)));
        Assert.All(await Task.WhenAll(_frontends.Select(frontend => Ask(frontend))), static answer => Assert.Equal("app", answer.Body));
    }

    private async Task Start(params (string Key, string Value)[] route)
    {
        await Apply(route);
        for (var i = 0; i < 3; i++)
            _frontends.Add(await ClusterFrontend.Start(Path.Combine(_directory, $"{i}"), _cluster.Client, id: $"fe-{i}"));
        foreach (var frontend in _frontends)
            await Eventually.Is(async () => (await Ask(frontend)).Body.Length > 0);
    }

    private Task<long> Apply(params (string Key, string Value)[] route) => _cluster.Client.Apply(TestConfigurations.OnePool(_backends["app"].Address).With(
    [
        ("ReverseProxy:Clusters:app:HealthCheck:AvailableDestinationsPolicy", "ClusterHealthyOrPanic"),
        ("ReverseProxy:Clusters:app:HealthCheck:Active:Enabled", "true"),
        ("ReverseProxy:Clusters:app:HealthCheck:Active:Policy", "ClusterConsecutiveFailures"),
        ("ReverseProxy:Clusters:app:HealthCheck:Active:Interval", "00:00:00.200"),
        ("ReverseProxy:Clusters:app:OrleansLb:HealthCheck:PanicPercent", "0"),
        ("ReverseProxy:Clusters:canary:Destinations:c:Address", _backends["canary"].Address),
        ("ReverseProxy:Clusters:backup:Destinations:b:Address", _backends["backup"].Address),
        .. route.Select(static setting => (setting.Key.StartsWith("../", StringComparison.Ordinal) ? $"ReverseProxy:{setting.Key[6..]}" : Route + setting.Key, (string?)setting.Value)),
    ]));

    private async Task<(string Body, string? SetCookie)> Ask(ClusterFrontend frontend, params (string Name, string Value)[] fields)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, frontend.Address);
        foreach (var (name, value) in fields)
            request.Headers.TryAddWithoutValidation(name, value);
        using var answer = await _client.SendAsync(request, Cancellation);
        return (await answer.Content.ReadAsStringAsync(Cancellation), answer.Headers.TryGetValues("Set-Cookie", out var cookies) ? cookies.Single() : null);
    }
}
