using System.Net;
using OrleansLb.Frontend.Http.Answers;
using OrleansLb.Frontend.Tests.AccessLog;
using OrleansLb.Frontend.Tests.LoadBalancing;

namespace OrleansLb.Frontend.Tests.Answers;

/// <summary>Pools that are closed, and pools that have nobody.</summary>
public sealed class MaintenanceTests : IAsyncLifetime
{
    private const string Cluster = "Clusters:app:";
    private const string Maintenance = "Clusters:app:OrleansLb:Maintenance:";
    private const string Unavailable = "Clusters:app:OrleansLb:Unavailable:";

    private readonly HttpClient _client = new();
    private readonly AccessLogFile _log = new();
    private Backend _backend = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _backend = await Backend.Start();

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        _log.Dispose();
        await _backend.DisposeAsync();
    }

    [Fact]
    public async Task Maintenance_IsSwitchedOn_EverybodyGetsThePageButThoseWhoGetThrough()
    {
        await using var frontend = await Frontend(($"{Maintenance}Enabled", "true"), ($"{Maintenance}Body", "<p>soon"), ($"{Maintenance}ContentType", "text/html"), ($"{Maintenance}AllowFrom:0", "10.0.0.0/8"));
        using var counted = frontend.Collect(AnswerMetrics.MeterName, "orleanslb.route.answers");
        using (var answer = await Get(frontend))
        {
            Assert.Equal((HttpStatusCode.ServiceUnavailable, "60", "no-store", "text/html"), (answer.StatusCode, $"{answer.Headers.RetryAfter}", $"{answer.Headers.CacheControl}", answer.Content.Headers.ContentType!.ToString()));
            Assert.Equal("<p>soon", await answer.Content.ReadAsStringAsync(Cancellation));
        }

        Assert.Equal(("app", "maintenance"), (counted.LastMeasurement!.Tags["route"], counted.LastMeasurement.Tags["kind"]));
        Assert.Equal("maintenance", (await _log.Last(frontend.Services)).GetProperty("reason").GetString());
        using (var answer = await Get(frontend, from: "10.1.2.3"))
            Assert.Equal("a", await answer.Content.ReadAsStringAsync(Cancellation));
        using (var answer = await Get(frontend, from: "11.1.2.3"))
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal(1, _backend.Requests);
    }

    [Fact]
    public async Task Maintenance_IsSwitchedTwentyTimesUnderLoad_EveryRequestHasThePageOrTheBackend()
    {
        await using var frontend = await Frontend();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var asked = Enumerable.Range(0, 3).Select(_ => Task.Run(() => Ask(frontend, stop.Token), Cancellation)).ToArray();
        for (var change = 0; change < 20; change++)
        {
            var isClosed = change % 2 == 0;
            await frontend.Apply([.. Settings(($"{Maintenance}Enabled", isClosed ? "true" : "false"), ($"{Maintenance}Body", "closed"))]);
            await Eventually.Is(async () =>
            {
                using var answer = await Get(frontend);
                return await answer.Content.ReadAsStringAsync(Cancellation) == (isClosed ? "closed" : "a");
            });
        }

        await stop.CancelAsync();
        var seen = (await Task.WhenAll(asked)).SelectMany(static each => each).ToHashSet();
        Assert.Equal([(200, "a"), (503, "closed")], seen.Order());
    }

    [Fact]
    public async Task Maintenance_RequestInFlight_IsFinished()
    {
        await using var frontend = await Frontend();
        var held = _client.GetAsync(new Uri(frontend.Http1, "/hold"), Cancellation);
        await Eventually.Is(() => _backend.Requests == 1);
        await frontend.Apply([.. Settings(($"{Maintenance}Enabled", "true"))]);
        await Eventually.Is(async () =>
        {
            using var closed = await Get(frontend);
            return closed.StatusCode == HttpStatusCode.ServiceUnavailable;
        });
        _backend.Release();
        using var answer = await held;
        Assert.Equal("done", await answer.Content.ReadAsStringAsync(Cancellation));
    }

    [Fact]
    public async Task Unavailable_PoolHasNobody_IsThePageAndSaidAsBefore()
    {
        await using var frontend = await Frontend(isEmpty: true, ($"{Unavailable}Body", "nobody"), ($"{Unavailable}RetryAfter", "00:00:07"));
        using var counted = frontend.Collect(AnswerMetrics.MeterName, "orleanslb.route.answers");
        using var answer = await Get(frontend);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "7", "nobody"), (answer.StatusCode, $"{answer.Headers.RetryAfter}", await answer.Content.ReadAsStringAsync(Cancellation)));
        Assert.Equal("unavailable", Assert.Single(counted.GetMeasurementSnapshot()).Tags["kind"]);
        Assert.Equal("no_backend", (await _log.Last(frontend.Services)).GetProperty("reason").GetString());
    }

    [Theory]
    [InlineData("Direct")]
    [InlineData("Yarp")]
    public async Task Unavailable_NoBackendCanBeConnectedTo_IsThePageAndItsStatus(string forwarder)
    {
        await using var frontend = await Frontend([("OrleansLb:Frontend:Forwarder", forwarder)], isEmpty: false, ($"{Unavailable}Body", "nobody"));
        await _backend.DisposeAsync();
        using var answer = await Get(frontend);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "1", "nobody"), (answer.StatusCode, $"{answer.Headers.RetryAfter}", await answer.Content.ReadAsStringAsync(Cancellation)));
        Assert.Equal("connect_failed", (await _log.Last(frontend.Services)).GetProperty("reason").GetString());
    }

    [Fact]
    public async Task Unavailable_BackendAnswersAnError_IsItsAnswer()
    {
        await using var frontend = await Frontend(($"{Unavailable}Body", "nobody"));
        using var answer = await _client.GetAsync(new Uri(frontend.Http1, "/nothing"), Cancellation);
        Assert.Equal((HttpStatusCode.NotFound, ""), (answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancellation)));
    }

    private Task<FrontendHost> Frontend(params (string Key, string? Value)[] settings) => Frontend(isEmpty: false, settings);

    private Task<FrontendHost> Frontend(bool isEmpty, params (string Key, string? Value)[] settings) => Frontend([], isEmpty, settings);

    private Task<FrontendHost> Frontend((string Key, string Value)[] own, bool isEmpty, params (string Key, string? Value)[] settings)
    {
        var process = _log.Settings;
        process["OrleansLb:Frontend:TrustedProxies"] = "127.0.0.1";
        foreach (var (key, value) in own)
            process[key] = value;
        return ConfiguredFrontend.Start(
            new FrontendHostOptions { Settings = process },
            [.. isEmpty ? Settings(settings).Where(static setting => !setting.Key.Contains("Destinations", StringComparison.Ordinal)).Append((Cluster.TrimEnd(':'), "")) : Settings(settings)]);
    }

    private IEnumerable<(string Key, string? Value)> Settings(params (string Key, string? Value)[] settings) =>
    [
        ("Routes:app:ClusterId", "app"),
        ("Routes:app:Match:Path", "/{**rest}"),
        ($"{Cluster}Destinations:a:Address", _backend.Address),
        .. settings,
    ];

    private async Task<HttpResponseMessage> Get(FrontendHost frontend, string? from = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(frontend.Http1, "/id"));
        if (from is not null)
            request.Headers.Add("X-Forwarded-For", from);
        return await _client.SendAsync(request, Cancellation);
    }

    private async Task<HashSet<(int Status, string Body)>> Ask(FrontendHost frontend, CancellationToken stop)
    {
        var seen = new HashSet<(int Status, string Body)>();
        while (!stop.IsCancellationRequested)
        {
            using var answer = await Get(frontend);
            seen.Add(((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancellation)));
        }

        return seen;
    }
}
