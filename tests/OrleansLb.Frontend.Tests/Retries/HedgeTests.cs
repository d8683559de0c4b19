using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using OrleansLb.Core.Health;
using OrleansLb.Core.Health.Circuits;
using OrleansLb.Core.Snapshots;
using OrleansLb.Frontend.Circuits;
using OrleansLb.Frontend.Pools;
using OrleansLb.Frontend.Tests.AccessLog;
using OrleansLb.Frontend.Tests.LoadBalancing;

namespace OrleansLb.Frontend.Tests.Retries;

/// <summary>Requests whose backend is silent, by either forwarder. The first backend is always <c>b0</c>; time goes on when the test says so.</summary>
public sealed class HedgeTests : IAsyncLifetime
{
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(50);

    private readonly HttpClient _client = new(new SocketsHttpHandler { UseCookies = false });
    private readonly ScriptedBackends _backends = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => default;

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _backends.DisposeAsync();
    }

    [Theory]
    [InlineData("direct", "GET", 1)]
    [InlineData("direct", "HEAD", 1)]
    [InlineData("direct", "GET", 2)]
    [InlineData("yarp", "GET", 1)]
    [InlineData("yarp", "HEAD", 1)]
    [InlineData("yarp", "GET", 2)]
    public async Task Backend_ThatIsSilent_AnotherOneAnswersSoon(string forwarder, string method, int version)
    {
        await _backends.Start(200, 200);
        _backends[0].IsSilent = true;
        await using var frontend = await Frontend(forwarder);
        using var hedges = Collect(frontend, "hedges");
        using var request = new HttpRequestMessage(new HttpMethod(method), version == 1 ? frontend.Http1 : frontend.Http2)
        {
            Version = new Version(version, version == 1 ? 1 : 0), VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        var asked = _client.SendAsync(request, Cancellation);
        await IsAsked(0);
        Assert.Empty(_backends[1].Bodies);
        frontend.Clock.Advance(Delay);

        using var answer = await asked;
        Assert.Equal((HttpStatusCode.OK, "b1", 2), (answer.StatusCode, answer.Headers.GetValues("X-From").Single(), answer.Content.Headers.ContentLength));
        Assert.Equal(method == "HEAD" ? "" : "b1", await answer.Content.ReadAsStringAsync(Cancellation));
        await Eventually.Is(() => _backends[0].TakenBack == 1);
        await Eventually.Is(() => hedges.GetMeasurementSnapshot().Count == 1);
        Assert.Equal(("won", "app"), Only(hedges, "outcome"));
        // It was slow, which is no failure, but is not forgotten.
        var slow = Slot(frontend, 0);
        Assert.Equal((0, 0), (slow.Requests, Slot(frontend, 1).Requests));
        Assert.Equal((0, 0L), (slow.Outcomes.Run, slow.Outcomes.Counters.GatewayFailures));
        Assert.Equal(Delay.TotalSeconds, slow.ResponseTime(frontend.Clock.GetElapsedTime(0)), 0.001);
    }

    [Theory]
    [InlineData("direct")]
    [InlineData("yarp")]
    public async Task Backend_ThatWasSilent_MayAnswerFirstAllTheSame(string forwarder)
    {
        await _backends.Start(200, 200);
        _backends[0].IsSilent = _backends[1].IsSilent = true;
        await using var frontend = await Frontend(forwarder);
        using var hedges = Collect(frontend, "hedges");
        var asked = _client.GetStringAsync(frontend.Http1, Cancellation);
        await IsAsked(0);
        frontend.Clock.Advance(Delay);
        await IsAsked(1);
        // Each of the two has it.
        Assert.Equal((1, 1), (Slot(frontend, 0).Requests, Slot(frontend, 1).Requests));
        _backends[0].Release();

        Assert.Equal("b0", await asked);
        await Eventually.Is(() => _backends[1].TakenBack == 1);
        await Eventually.Is(() => hedges.GetMeasurementSnapshot().Count == 1);
        Assert.Equal(("lost", "app"), Only(hedges, "outcome"));
        Assert.Equal((0, 0), (Slot(frontend, 0).Requests, Slot(frontend, 1).Requests));
    }

    [Theory]
    [InlineData("direct")]
    [InlineData("yarp")]
    public async Task Backend_ThatAnswersInTime_IsTheOnlyOne(string forwarder)
    {
        await _backends.Start(200, 200);
        await using var frontend = await Frontend(forwarder);
        using var hedges = Collect(frontend, "hedges");
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal("b0", await _client.GetStringAsync(frontend.Http1, Cancellation));
            frontend.Clock.Advance(2 * Delay);
        }

        Assert.Empty(_backends[1].Bodies);
        Assert.Equal((0L, 1), (Slot(frontend, 1).Traffic.Arrivals, _backends[0].Connections));
        Assert.Empty(hedges.GetMeasurementSnapshot());
    }

    /// <summary>What it said or may say belongs to a request that is over.</summary>
    [Theory]
    [InlineData("direct")]
    [InlineData("yarp")]
    public async Task Connection_OfTheAttemptThatLost_IsNotUsedAgain(string forwarder)
    {
        await _backends.Start(200, 200);
        await using var frontend = await Frontend(forwarder);
        Assert.Equal("b0", await _client.GetStringAsync(frontend.Http1, Cancellation));
        _backends[0].IsSilent = true;
        Assert.Equal("b1", await Hedged(frontend));
        await Eventually.Is(() => _backends[0].TakenBack == 1);
        _backends[0].IsSilent = false;

        Assert.Equal("b0", await _client.GetStringAsync(frontend.Http1, Cancellation));
        Assert.Equal((2, 1), (_backends[0].Connections, _backends[1].Connections));
        // The winner's is.
        _backends[0].IsSilent = true;
        Assert.Equal("b1", await Hedged(frontend));
        Assert.Equal(1, _backends[1].Connections);
    }

    [Theory]
    [InlineData("direct")]
    [InlineData("yarp")]
    public async Task Budget_IsUsedUp_NothingIsSentAndItIsCounted(string forwarder)
    {
        await _backends.Start(200, 200);
        _backends[0].IsSilent = true;
        await using var frontend = await Frontend(forwarder, static rules => rules with { BudgetPercent = 0, MinRetriesPerSecond = 0 });
        using var denied = Collect(frontend, "retries.denied");
        var asked = _client.GetStringAsync(frontend.Http1, Cancellation);
        await IsAsked(0);
        frontend.Clock.Advance(Delay);
        await Eventually.Is(() => denied.GetMeasurementSnapshot().Count == 1);
        Assert.Equal(("hedge", "app"), Only(denied, "reason"));
        _backends[0].Release();

        Assert.Equal("b0", await asked);
        Assert.Equal((0, 0L), (_backends[1].Bodies.Count, Slot(frontend, 1).Traffic.Arrivals));
    }

    [Theory]
    [InlineData("direct", "POST", "x")]
    [InlineData("yarp", "POST", "x")]
    [InlineData("direct", "POST", null)]
    [InlineData("direct", "DELETE", null)]
    [InlineData("direct", "OPTIONS", null)]
    [InlineData("direct", "PUT", "x")]
    [InlineData("direct", "GET", "x")]
    public async Task Request_ThatMayChangeSomethingOrHasABody_IsSentOnce(string forwarder, string method, string? body)
    {
        await _backends.Start(200, 200);
        _backends[0].IsSilent = true;
        await using var frontend = await Frontend(forwarder);
        using var request = new HttpRequestMessage(new HttpMethod(method), frontend.Http1) { Content = body is null ? null : new StringContent(body) };
        var asked = _client.SendAsync(request, Cancellation);
        await IsAsked(0);
        frontend.Clock.Advance(TimeSpan.FromSeconds(5));
        _backends[0].Release();

        using var answer = await asked;
        Assert.Equal("b0", answer.Headers.GetValues("X-From").Single());
        Assert.Equal((0, 0L), (_backends[1].Bodies.Count, Slot(frontend, 1).Traffic.Arrivals));
    }

    [Theory]
    [InlineData("direct")]
    [InlineData("yarp")]
    public async Task BothAttempts_Fail_IsOneErrorAndNoThirdAttempt(string forwarder)
    {
        await _backends.Start(0, 0, 200);
        _backends[0].IsSilent = _backends[1].IsSilent = true;
        using var log = new AccessLogFile();
        await using var frontend = await Frontend(forwarder, static rules => rules with { MinRetriesPerSecond = 1000 }, log.Settings);
        using var hedges = Collect(frontend, "hedges");
        var asked = _client.GetAsync(frontend.Http1, Cancellation);
        await IsAsked(0);
        frontend.Clock.Advance(Delay);
        await IsAsked(1);
        // There would be enough for more of them.
        frontend.Clock.Advance(TimeSpan.FromSeconds(1));
        _backends[0].Release();
        await Eventually.Is(() => Slot(frontend, 0).Requests == 0);
        Assert.False(asked.IsCompleted);
        _backends[1].Release();

        using var answer = await asked;
        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        Assert.Equal((1, 1, 0), (_backends[0].Bodies.Count, _backends[1].Bodies.Count, _backends[2].Bodies.Count));
        Assert.Equal(("failed", "app"), Only(hedges, "outcome"));
        var line = await log.Last(frontend.Services);
        Assert.Equal(("backend_reset", 2, "b1", 502), (line.GetProperty("reason").GetString(), line.GetProperty("tries").GetInt32(), line.GetProperty("backend").GetString(), line.GetProperty("status").GetInt32()));
        Assert.Equal((1L, 1L), (Slot(frontend, 0).Outcomes.Counters.GatewayFailures, Slot(frontend, 1).Outcomes.Counters.GatewayFailures));
        var pool = Pool(frontend);
        Assert.Equal((true, true), (pool.Holds.IsHeld(0, frontend.Clock.GetElapsedTime(0)), pool.Holds.IsHeld(1, frontend.Clock.GetElapsedTime(0))));
    }

    [Theory]
    [InlineData("direct")]
    [InlineData("yarp")]
    public async Task FirstAttempt_FailsWhileThereIsAnother_IsWaitedForNoLongerAndNotSeen(string forwarder)
    {
        await _backends.Start(0, 200);
        _backends[0].IsSilent = _backends[1].IsSilent = true;
        using var log = new AccessLogFile();
        await using var frontend = await Frontend(forwarder, static rules => rules, log.Settings);
        var asked = _client.GetStringAsync(frontend.Http1, Cancellation);
        await IsAsked(0);
        frontend.Clock.Advance(Delay);
        await IsAsked(1);
        _backends[0].Release();
        await Eventually.Is(() => Slot(frontend, 0).Requests == 0);
        _backends[1].Release();

        Assert.Equal("b1", await asked);
        var line = await log.Last(frontend.Services);
        Assert.Equal(("ok", 2, "b1"), (line.GetProperty("reason").GetString(), line.GetProperty("tries").GetInt32(), line.GetProperty("backend").GetString()));
        Assert.True(Pool(frontend).Holds.IsHeld(0, frontend.Clock.GetElapsedTime(0)));
    }

    /// <summary>The second is the one attempt more that a request has: a first one that fails before it is repeated as ever, and is alone then.</summary>
    [Theory]
    [InlineData("direct", 2, 2)]
    [InlineData("yarp", 2, 2)]
    [InlineData("direct", 3, 3)]
    public async Task Attempts_OfARequestThatFailedOnce_AreAsManyAsConfigured(string forwarder, int most, int expected)
    {
        await _backends.Start(0, 200, 200);
        _backends[1].IsSilent = true;
        await using var frontend = await Frontend(forwarder, rules => rules with { MaxAttempts = most, MinRetriesPerSecond = 1000 });
        frontend.Clock.Advance(TimeSpan.FromSeconds(1));
        var asked = _client.GetStringAsync(frontend.Http1, Cancellation);
        await IsAsked(1);
        frontend.Clock.Advance(Delay);
        if (expected == 2)
            _backends[1].Release();

        Assert.Equal(expected == 2 ? "b1" : "b2", await asked);
        Assert.Equal(expected, _backends.Requests);
    }

    /// <summary>An answer that would be tried again is not worth more than one that may come.</summary>
    [Theory]
    [InlineData("direct")]
    [InlineData("yarp")]
    public async Task Status_OfThoseThatAreTriedAgain_GivesWayToTheOtherAttempt(string forwarder)
    {
        await _backends.Start(200, 503);
        _backends[0].IsSilent = true;
        await using var frontend = await Frontend(forwarder, static rules => rules with { OnStatuses = HttpStatusSet.TryParse("503", out var statuses) ? statuses : null });
        using var hedges = Collect(frontend, "hedges");
        var asked = _client.GetAsync(frontend.Http1, Cancellation);
        await IsAsked(0);
        frontend.Clock.Advance(Delay);
        await IsAsked(1);
        await Eventually.Is(() => Slot(frontend, 1) is { Requests: 0, Traffic.Arrivals: 1 });
        Assert.False(asked.IsCompleted);
        _backends[0].Release();

        using var answer = await asked;
        Assert.Equal((HttpStatusCode.OK, "b0", "b0"), (answer.StatusCode, answer.Headers.GetValues("X-From").Single(), await answer.Content.ReadAsStringAsync(Cancellation)));
        await Eventually.Is(() => hedges.GetMeasurementSnapshot().Count == 1);
        Assert.Equal(("lost", "app"), Only(hedges, "outcome"));
    }

    [Theory]
    [InlineData("direct")]
    [InlineData("yarp")]
    public async Task Status_OfBothAttempts_IsTheLastAnswer(string forwarder)
    {
        await _backends.Start(503, 503, 200);
        _backends[0].IsSilent = true;
        await using var frontend = await Frontend(forwarder, static rules => rules with { OnStatuses = HttpStatusSet.TryParse("503", out var statuses) ? statuses : null });
        var asked = _client.GetAsync(frontend.Http1, Cancellation);
        await IsAsked(0);
        frontend.Clock.Advance(Delay);
        await IsAsked(1);
        await Eventually.Is(() => Slot(frontend, 1) is { Requests: 0, Traffic.Arrivals: 1 });
        _backends[0].Release();

        using var answer = await asked;
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "b0", "b0"), (answer.StatusCode, answer.Headers.GetValues("X-From").Single(), await answer.Content.ReadAsStringAsync(Cancellation)));
        Assert.Empty(_backends[2].Bodies);
    }

    [Theory]
    [InlineData("direct")]
    [InlineData("yarp")]
    public async Task Client_ThatLeaves_TakesBothBack(string forwarder)
    {
        await _backends.Start(200, 200);
        _backends[0].IsSilent = _backends[1].IsSilent = true;
        await using var frontend = await Frontend(forwarder);
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var asked = _client.GetAsync(frontend.Http1, leave.Token);
        await IsAsked(0);
        frontend.Clock.Advance(Delay);
        await IsAsked(1);
        await leave.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
        await Eventually.Is(() => (_backends[0].TakenBack, _backends[1].TakenBack) == (1, 1));
        await Eventually.Is(() => (Slot(frontend, 0).Requests, Slot(frontend, 1).Requests) == (0, 0));
        Assert.Equal((0L, 0L), (Slot(frontend, 0).Outcomes.Counters.GatewayFailures, Slot(frontend, 1).Outcomes.Counters.GatewayFailures));
    }

    [Theory]
    [InlineData("direct")]
    [InlineData("yarp")]
    public async Task Attempt_WhoseBackendIsCutOff_LeavesTheOther(string forwarder)
    {
        await _backends.Start(200, 200);
        _backends[0].IsSilent = _backends[1].IsSilent = true;
        using var log = new AccessLogFile();
        await using var frontend = await Frontend(forwarder, static rules => rules, log.Settings);
        var asked = _client.GetStringAsync(frontend.Http1, Cancellation);
        await IsAsked(0);
        frontend.Clock.Advance(Delay);
        await IsAsked(1);
        Assert.Equal(1, Slot(frontend, 0).Exchanges.CutOff());
        await Eventually.Is(() => _backends[0].TakenBack == 1);
        _backends[1].Release();

        Assert.Equal("b1", await asked);
        Assert.Equal("ok", (await log.Last(frontend.Services)).GetProperty("reason").GetString());
    }

    [Theory]
    [InlineData("direct")]
    [InlineData("yarp")]
    public async Task Answer_WhoseBackendIsCutOff_BreaksOff(string forwarder)
    {
        await _backends.Start(200, 200);
        _backends[0].IsSilent = _backends[1].IsSlow = true;
        using var log = new AccessLogFile();
        await using var frontend = await Frontend(forwarder, static rules => rules, log.Settings);
        var asked = _client.GetAsync(frontend.Http1, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        await IsAsked(0);
        frontend.Clock.Advance(Delay);
        using var answer = await asked;
        Assert.Equal(1, Slot(frontend, 1).Exchanges.CutOff());

        await Assert.ThrowsAsync<HttpRequestException>(() => answer.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal("drained", (await log.Last(frontend.Services)).GetProperty("reason").GetString());
    }

    /// <summary>Whether the backend is well is to be learned from it, and from nobody who answers in its place.</summary>
    [Fact]
    public async Task Trial_OfACircuit_IsNotHedged()
    {
        await _backends.Start(200, 200);
        _backends[0].IsSilent = true;
        await using var frontend = await Frontend("direct");
        var outcomes = new List<TrialOutcome>();
        _ = new CircuitTicket(Slot(frontend, 0), outcomes.Add);
        var asked = _client.GetStringAsync(frontend.Http1, Cancellation);
        await IsAsked(0);
        frontend.Clock.Advance(Delay);
        _backends[0].Release();

        Assert.Equal("b0", await asked);
        Assert.Equal(0, Slot(frontend, 1).Traffic.Arrivals);
        Assert.Equal([TrialOutcome.Succeeded], outcomes);
    }

    [Fact]
    public async Task Pool_OfOneBackend_HasNowhereToGoWhichIsCounted()
    {
        await _backends.Start(200);
        _backends[0].IsSilent = true;
        await using var frontend = await Frontend("direct");
        using var hedges = Collect(frontend, "hedges");
        var asked = _client.GetStringAsync(frontend.Http1, Cancellation);
        await IsAsked(0);
        frontend.Clock.Advance(Delay);
        await Eventually.Is(() => hedges.GetMeasurementSnapshot().Count == 1);
        Assert.Equal(("no_backend", "app"), Only(hedges, "outcome"));
        _backends[0].Release();
        Assert.Equal("b0", await asked);
    }

    [Fact]
    public async Task Route_WithoutHedge_WaitsForItsBackend()
    {
        await _backends.Start(200, 200);
        _backends[0].IsSilent = true;
        await using var frontend = await FrontendHost.Start(Options("direct", static rules => rules) with { Hedge = null }, _backends.Addresses);
        var asked = _client.GetStringAsync(frontend.Http1, Cancellation);
        await IsAsked(0);
        frontend.Clock.Advance(TimeSpan.FromSeconds(10));
        _backends[0].Release();
        Assert.Equal("b0", await asked);
        Assert.Equal(0, Slot(frontend, 1).Traffic.Arrivals);
    }

    private Task IsAsked(int backend) => Eventually.Is(() => !_backends[backend].Bodies.IsEmpty);

    /// <summary>Asks, and lets the time go on when the first backend has the request.</summary>
    private async Task<string> Hedged(FrontendHost frontend)
    {
        frontend.Clock.Advance(TimeSpan.FromSeconds(1));
        var before = _backends[0].Bodies.Count;
        var asked = _client.GetStringAsync(frontend.Http1, Cancellation);
        await Eventually.Is(() => _backends[0].Bodies.Count > before);
        frontend.Clock.Advance(Delay);
        return await asked;
    }

    private static FrontendPool Pool(FrontendHost frontend) => frontend.Services.GetRequiredService<PoolTable>().Current[FrontendHost.PoolId];

    private static BackendSlot Slot(FrontendHost frontend, int backend) => Pool(frontend).Slots[backend];

    private static (object? Tag, object? Pool) Only(MetricCollector<long> collector, string tag) =>
        Assert.Single(collector.GetMeasurementSnapshot()) is var measured ? (measured.Tags[tag], measured.Tags["pool"]) : default;

    private static MetricCollector<long> Collect(FrontendHost frontend, string name) =>
        new(frontend.Services.GetRequiredService<IMeterFactory>(), "OrleansLb.Frontend.Health", $"orleanslb.request.{name}");

    private Task<FrontendHost> Frontend(string forwarder) => Frontend(forwarder, static rules => rules);

    private Task<FrontendHost> Frontend(string forwarder, Func<RetryDefinition, RetryDefinition> change, Dictionary<string, string?>? settings = null)
    {
        var options = Options(forwarder, change);
        foreach (var (key, value) in settings ?? [])
            options.Settings[key] = value;
        return FrontendHost.Start(options, _backends.Addresses);
    }

    private static FrontendHostOptions Options(string forwarder, Func<RetryDefinition, RetryDefinition> change) => new()
    {
        Policy = "FirstAlphabetical",
        Settings = new() { ["OrleansLb:Frontend:Forwarder"] = forwarder },
        Hedge = Delay,
        Retry = change(RetryDefinition.Default),
    };
}
