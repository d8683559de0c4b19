using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using OrleansLb.Frontend.Http.Mirroring;
using OrleansLb.Frontend.Pools;
using OrleansLb.Frontend.Tests.AccessLog;
using OrleansLb.Frontend.Tests.Answers;
using OrleansLb.Frontend.Tests.LoadBalancing;

namespace OrleansLb.Frontend.Tests.Mirroring;

/// <summary>Copies of requests for another pool: it gets them, and clients notice nothing, whatever it does.</summary>
public sealed class MirrorTests : IAsyncLifetime
{
    private const string Route = "Routes:app:";
    private const string Mirror = "Routes:app:OrleansLb:Mirror:";

    private readonly HttpClient _client = new(new SocketsHttpHandler { UseCookies = false }) { Timeout = TimeSpan.FromSeconds(30) };
    private readonly List<FrontendHost> _frontends = [];
    private ShadowBackend _main = null!;
    private ShadowBackend _shadow = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _main = await ShadowBackend.Start(static context => context.Response.WriteAsync("main"));
        _shadow = await ShadowBackend.Start();
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        foreach (var frontend in _frontends)
            await frontend.DisposeAsync();
        await _main.DisposeAsync();
        await _shadow.DisposeAsync();
    }

    [Theory]
    [InlineData("Direct")]
    [InlineData("Yarp")]
    public async Task Copy_IsTheRequestAndMarked_AndTheClientGetsTheOtherAnswer(string forwarder)
    {
        var frontend = await Frontend(new FrontendHostOptions { Settings = { ["OrleansLb:Frontend:Forwarder"] = forwarder } }, ($"{Route}Transforms:0:PathPrefix", "/v1"));
        using var copies = Copies(frontend);
        using (var answer = await Send(frontend, "GET", "/a%20b?c=d", null, ("X-A", "b"), ("Cookie", "e=f")))
            Assert.Equal("main", await answer.Content.ReadAsStringAsync(Cancellation));
        await Eventually.Is(() => Outcomes(copies) is ["answered"]);

        var (sent, copy) = (_main.Requests.Single(), _shadow.Requests.Single());
        Assert.Equal((sent.Method, sent.Target, sent.Body), (copy.Method, copy.Target, copy.Body));
        Assert.Equal("/v1/a%20b?c=d", copy.Target);
        Assert.Equal("1", copy.Fields["X-Mirrored"]);
        Assert.False(sent.Fields.ContainsKey("X-Mirrored"));
        Assert.Equal(("b", "e=f", sent.Fields["X-Forwarded-For"]), (copy.Fields["X-A"], copy.Fields["Cookie"], copy.Fields["X-Forwarded-For"]));
        Assert.Equal(("app", "shadow"), (copies.LastMeasurement!.Tags["route"], copies.LastMeasurement.Tags["pool"]));
    }

    [Theory]
    [InlineData("Direct", false, false)]
    [InlineData("Direct", true, false)]
    [InlineData("Direct", false, true)]
    [InlineData("Direct", true, true)]
    [InlineData("Yarp", false, false)]
    [InlineData("Yarp", true, false)]
    [InlineData("Yarp", false, true)]
    public async Task Body_IsCopiedAsItIsRead(string forwarder, bool isChunked, bool isLogged)
    {
        // The access log counts what is read.
        using var log = new AccessLogFile();
        var settings = isLogged ? log.Settings : [];
        settings["OrleansLb:Frontend:Forwarder"] = forwarder;
        var frontend = await Frontend(new FrontendHostOptions { Settings = settings }, ($"{Mirror}Methods:0", "POST"), ($"{Mirror}Methods:1", "PUT"));
        using var copies = Copies(frontend);
        var body = string.Concat(Enumerable.Range(0, 10_000).Select(static i => $"{i},"));
        foreach (var method in (string[])["POST", "PUT"])
        {
            using var content = new StringContent(body);
            using var request = new HttpRequestMessage(new HttpMethod(method), frontend.Http1) { Content = content };
            request.Headers.TransferEncodingChunked = isChunked;
            using var answer = await _client.SendAsync(request, Cancellation);
            Assert.Equal("main", await answer.Content.ReadAsStringAsync(Cancellation));
        }

        await Eventually.Is(() => Outcomes(copies) is ["answered", "answered"]);
        Assert.All(_main.Requests.Concat(_shadow.Requests), sent => Assert.Equal(body, sent.Body));
        Assert.Equal(4, _main.Requests.Count + _shadow.Requests.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Body_ThatIsTooLong_IsNotCopiedAndCounted(bool isChunked)
    {
        var frontend = await Frontend(($"{Mirror}Methods:0", "POST"), ($"{Mirror}MaxBody", "1000"));
        using var copies = Copies(frontend);
        foreach (var length in (int[])[1_000, 1_001, 200_000])
        {
            using var content = new StringContent(new string('x', length));
            using var request = new HttpRequestMessage(HttpMethod.Post, frontend.Http1) { Content = content };
            request.Headers.TransferEncodingChunked = isChunked;
            using var answer = await _client.SendAsync(request, Cancellation);
            Assert.Equal("main", await answer.Content.ReadAsStringAsync(Cancellation));
        }

        await Eventually.Is(() => Outcomes(copies) is ["answered", "too_large", "too_large"]);
        Assert.Equal([1_000, 1_001, 200_000], _main.Requests.Select(static sent => sent.Body.Length));
        Assert.Equal(1_000, Assert.Single(_shadow.Requests).Body.Length);
    }

    [Fact]
    public async Task Body_ThatEndsEarly_IsNotCopiedAndGivesItsPlaceBack()
    {
        var frontend = await Frontend(($"{Mirror}Methods:0", "POST"), ($"{Mirror}MaxInFlight", "1"));
        using var copies = Copies(frontend);
        using (var client = await RawConnection.Open(frontend.Http1, Cancellation))
        {
            await client.Send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc", Cancellation);
            client.End();
            await client.ReadToEnd(Cancellation);
        }

        await Eventually.Is(() => Outcomes(copies) is ["incomplete"]);
        using var answer = await Send(frontend, "POST", "/", "abc");
        await Eventually.Is(() => Outcomes(copies) is ["answered", "incomplete"]);
        Assert.Equal("abc", Assert.Single(_shadow.Requests).Body);
    }

    [Fact]
    public async Task Methods_OnlySafeOnesUnlessMoreAreAskedFor()
    {
        var frontend = await Frontend();
        using var copies = Copies(frontend);
        foreach (var method in (string[])["POST", "PUT", "DELETE", "PATCH", "GET", "HEAD", "OPTIONS"])
            using (await Send(frontend, method, "/"))
                await Eventually.Is(() => _main.Requests.Any(sent => sent.Method == method));
        await Eventually.Is(() => Outcomes(copies).Length == 3);
        Assert.Equal(["GET", "HEAD", "OPTIONS"], _shadow.Requests.Select(static sent => sent.Method).Order());
    }

    [Fact]
    public async Task Copy_OfACopy_IsNotMade()
    {
        var frontend = await Frontend();
        using (var answer = await Send(frontend, "GET", "/", null, ("X-Mirrored", "1")))
            Assert.Equal("main", await answer.Content.ReadAsStringAsync(Cancellation));
        using (await Send(frontend, "GET", "/second"))
            await Eventually.Is(() => !_shadow.Requests.IsEmpty);
        Assert.Equal("/second", Assert.Single(_shadow.Requests).Target);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(33.3)]
    [InlineData(99.9)]
    [InlineData(0)]
    public async Task Percent_OfAThousandOverThreeFrontends_IsWithinOnePercent(double percent)
    {
        var text = percent.ToString(System.Globalization.CultureInfo.InvariantCulture);
        for (var i = 0; i < 3; i++)
            await Frontend(new FrontendHostOptions { Settings = { ["OrleansLb:Frontend:Id"] = $"fe-{i}" } }, ($"{Mirror}Percent", text));
        var counters = _frontends.Select(Copies).ToArray();
        await Task.WhenAll(_frontends.Select(async (frontend, index) =>
        {
            for (var i = 0; i < 200 + (index * 133); i++)
                using (await Send(frontend, "GET", "/"))
                    Assert.True(true);
        }));

        Assert.Equal(999, _main.Requests.Count);
        await Eventually.Is(() => counters.Sum(static counter => Outcomes(counter).Length) == _shadow.Requests.Count && _frontends.All(static frontend => InFlight(frontend) == 0));
        Assert.InRange(_shadow.Requests.Count, (999 * percent / 100) - 10, (999 * percent / 100) + 10);
        Assert.All(counters, static counter => counter.Dispose());
    }

    [Theory]
    [InlineData("hangs", "timed_out", true)]
    [InlineData("resets", "failed", true)]
    [InlineData("errs", "answered", true)]
    [InlineData("never ends", "timed_out", false)]
    public async Task Shadow_Misbehaves_ClientsNoticeNothingAndItsPoolKnows(string how, string outcome, bool isFailure)
    {
        _shadow.Serve = how switch
        {
            "hangs" => static context => Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(static _ => { }, TaskScheduler.Default),
            "resets" => static context =>
            {
                context.Abort();
                return Task.CompletedTask;
            },
            "errs" => static context =>
            {
                context.Response.StatusCode = 500;
                return Task.CompletedTask;
            },
            _ => SendForEver,
        };
        var frontend = await Frontend();
        using var copies = Copies(frontend);
        for (var i = 0; i < 20; i++)
        {
            using var answer = await Send(frontend, "GET", "/");
            Assert.Equal((HttpStatusCode.OK, "main"), (answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancellation)));
        }

        await Eventually.Is(() => _shadow.Requests.Count == 20);
        if (outcome == "timed_out")
        {
            Assert.Equal(20, InFlight(frontend));
            await Eventually.Is(() => isFailure || Slot(frontend).Outcomes.Counters.Answers == 20);
            frontend.Clock.Advance(TimeSpan.FromSeconds(10));
        }

        await Eventually.Is(() => Outcomes(copies).Length == 20);
        Assert.All(Outcomes(copies), measured => Assert.Equal(outcome, measured));
        await Eventually.Is(() => InFlight(frontend) == 0);
        // What is noted of it, as of any other pool's backends.
        var noted = Slot(frontend).Outcomes.Counters;
        Assert.Equal((20, isFailure ? 20 : 0), (noted.Answers, noted.ServerErrors));
    }

    [Fact]
    public async Task Shadow_IsDown_ClientsNoticeNothing()
    {
        using var closed = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        closed.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var frontend = await Frontend(("Clusters:shadow:Destinations:s:Address", $"http://{closed.LocalEndPoint}/"));
        using var copies = Copies(frontend);
        for (var i = 0; i < 20; i++)
            Assert.Equal("main", await _client.GetStringAsync(frontend.Http1, Cancellation));
        await Eventually.Is(() => Outcomes(copies).Length == 20);
        Assert.All(Outcomes(copies), static outcome => Assert.Equal("failed", outcome));
    }

    [Fact]
    public async Task Shadow_HasNobody_ClientsNoticeNothing()
    {
        var frontend = await Frontend(("Clusters:shadow:Destinations:s:Address", null), ("Clusters:shadow", ""));
        using var copies = Copies(frontend);
        Assert.Equal("main", await _client.GetStringAsync(frontend.Http1, Cancellation));
        await Eventually.Is(() => Outcomes(copies) is ["no_backend"]);
    }

    [Fact]
    public async Task Shadow_Hangs_NoMoreCopiesThanMayBeInFlight()
    {
        _shadow.Serve = static context => Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(static _ => { }, TaskScheduler.Default);
        var frontend = await Frontend(($"{Mirror}MaxInFlight", "3"));
        using var copies = Copies(frontend);
        for (var i = 0; i < 10; i++)
            Assert.Equal("main", await _client.GetStringAsync(frontend.Http1, Cancellation));
        await Eventually.Is(() => Outcomes(copies) is ["busy", "busy", "busy", "busy", "busy", "busy", "busy"] && _shadow.Requests.Count == 3);
        frontend.Clock.Advance(TimeSpan.FromSeconds(10));
        await Eventually.Is(() => Outcomes(copies).Length == 10);
        Assert.Equal("main", await _client.GetStringAsync(frontend.Http1, Cancellation));
        await Eventually.Is(() => _shadow.Requests.Count == 4);
    }

    [Fact]
    public async Task Shadow_WithALimitOfConcurrency_IsSentNoMoreThanThat()
    {
        _shadow.Serve = static context => Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(static _ => { }, TaskScheduler.Default);
        var frontend = await Frontend(("Clusters:shadow:OrleansLb:MaxConcurrentRequestsPerDestination", "1"));
        using var copies = Copies(frontend);
        for (var i = 0; i < 5; i++)
            Assert.Equal("main", await _client.GetStringAsync(frontend.Http1, Cancellation));
        await Eventually.Is(() => Outcomes(copies).Length >= 4);
        Assert.All(Outcomes(copies), static outcome => Assert.Equal("busy", outcome));
        Assert.InRange(_shadow.Requests.Count, 0, 1);
    }

    [Fact]
    public async Task Main_FailsAndIsTriedAgain_OneCopyIsSent()
    {
        await using var other = await ShadowBackend.Start(static context => context.Response.WriteAsync("main"));
        _main.Serve = static context =>
        {
            context.Abort();
            return Task.CompletedTask;
        };
        var frontend = await Frontend(($"{Mirror}Methods:0", "PUT"), ("Clusters:app:Destinations:b:Address", other.Address), ("Clusters:app:LoadBalancingPolicy", "RoundRobin"));
        using var copies = Copies(frontend);
        for (var i = 0; i < 2; i++)
        {
            frontend.Clock.Advance(TimeSpan.FromSeconds(1));
            using var answer = await Send(frontend, "PUT", "/", "body");
            Assert.Equal("main", await answer.Content.ReadAsStringAsync(Cancellation));
        }

        await Eventually.Is(() => Outcomes(copies).Length == 2);
        Assert.NotEmpty(_main.Requests);
        Assert.Equal(["body", "body"], _shadow.Requests.Select(static sent => sent.Body));
    }

    [Fact]
    public async Task Frontend_Ends_CopiesEndWithIt()
    {
        _shadow.Serve = static context => Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(static _ => { }, TaskScheduler.Default);
        var frontend = await Frontend();
        using var copies = Copies(frontend);
        Assert.Equal("main", await _client.GetStringAsync(frontend.Http1, Cancellation));
        await Eventually.Is(() => _shadow.Requests.Count == 1);
        await frontend.Stop();
        Assert.Equal(["cut_off"], Outcomes(copies));
    }

    [Fact]
    public async Task Session_OfTheMainPool_IsNotTheShadows()
    {
        var frontend = await Frontend(
            ("Clusters:shadow:SessionAffinity:Enabled", "true"), ("Clusters:shadow:SessionAffinity:Policy", "ClusterCookie"), ("Clusters:shadow:SessionAffinity:AffinityKeyName", ".S"));
        using var copies = Copies(frontend);
        using var answer = await Send(frontend, "GET", "/");
        await Eventually.Is(() => Outcomes(copies) is ["answered"]);
        Assert.False(answer.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task Mirror_IsTakenAway_NothingIsCopiedAnyMore()
    {
        var frontend = await Frontend();
        Assert.Equal("main", await _client.GetStringAsync(frontend.Http1, Cancellation));
        await Eventually.Is(() => _shadow.Requests.Count == 1);
        await frontend.Apply([.. Settings(($"{Mirror}Percent", "0"))]);
        await Eventually.Is(async () =>
        {
            var before = _shadow.Requests.Count;
            Assert.Equal("main", await _client.GetStringAsync(frontend.Http1, Cancellation));
            return _shadow.Requests.Count == before && InFlight(frontend) == 0;
        });
    }

    private static async Task SendForEver(HttpContext context)
    {
        var piece = new byte[100];
        await context.Response.Body.WriteAsync(piece, context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static MetricCollector<long> Copies(FrontendHost frontend) => frontend.Collect(MirrorMetrics.MeterName, "orleanslb.route.mirror.requests");

    private static string[] Outcomes(MetricCollector<long> copies) => [.. copies.GetMeasurementSnapshot().Select(static measured => (string)measured.Tags["outcome"]!).Order(StringComparer.Ordinal)];

    private static BackendSlot Slot(FrontendHost frontend) => frontend.Services.GetRequiredService<PoolTable>().Current["shadow"].Slots[0];

    private static int InFlight(FrontendHost frontend) => Slot(frontend).Requests + Slot(frontend).Connections;

    private Task<FrontendHost> Frontend(params (string Key, string? Value)[] settings) => Frontend(new FrontendHostOptions(), settings);

    private async Task<FrontendHost> Frontend(FrontendHostOptions options, params (string Key, string? Value)[] settings)
    {
        var frontend = await ConfiguredFrontend.Start(options, [.. Settings(settings)]);
        _frontends.Add(frontend);
        return frontend;
    }

    private IEnumerable<(string Key, string? Value)> Settings(params (string Key, string? Value)[] settings)
    {
        var all = new Dictionary<string, string?>
        {
            [$"{Route}ClusterId"] = "app",
            [$"{Route}Match:Path"] = "/{**rest}",
            [$"{Mirror}Cluster"] = "shadow",
            ["Clusters:app:Destinations:m:Address"] = _main.Address,
            ["Clusters:shadow:Destinations:s:Address"] = _shadow.Address,
        };
        foreach (var (key, value) in settings)
            all[key] = value;
        return all.Where(static setting => setting.Value is not null).Select(static setting => (setting.Key, setting.Value));
    }

    private async Task<HttpResponseMessage> Send(FrontendHost frontend, string method, string target, string? body = null, params (string Name, string Value)[] fields)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(frontend.Http1, target));
        if (body is not null)
            request.Content = new StringContent(body);
        foreach (var (name, value) in fields)
            request.Headers.Add(name, value);
        return await _client.SendAsync(request, Cancellation);
    }
}
