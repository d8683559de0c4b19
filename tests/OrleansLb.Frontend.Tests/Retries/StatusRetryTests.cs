using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using OrleansLb.Core.Health;
using OrleansLb.Core.Snapshots;
using OrleansLb.Frontend.Tests.AccessLog;
using Yarp.ReverseProxy.Configuration;

namespace OrleansLb.Frontend.Tests.Retries;

/// <summary>Answers that are tried again elsewhere, by either forwarder. A front-end without a cluster has one repetition a second, so that a test says when there is one.</summary>
public sealed class StatusRetryTests : IAsyncLifetime
{
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
    [InlineData("direct")]
    [InlineData("yarp")]
    public async Task Status_OfTheConfigured_GoesToAnotherBackendAndIsNotSeen(string forwarder)
    {
        await _backends.Start(503, 200);
        await using var frontend = await Frontend(forwarder);
        using var redispatches = Collect(frontend, "redispatches");
        for (var i = 0; i < 6; i++)
        {
            frontend.Clock.Advance(TimeSpan.FromSeconds(1));
            using var answer = await _client.GetAsync(frontend.Http1, Cancellation);
            Assert.Equal((HttpStatusCode.OK, "b1", "b1"), (answer.StatusCode, answer.Headers.GetValues("X-From").Single(), await answer.Content.ReadAsStringAsync(Cancellation)));
        }

        Assert.Equal(6, _backends[1].Bodies.Count);
        Assert.InRange(_backends[0].Bodies.Count, 1, 6);
        Assert.Equal(_backends[0].Bodies.Count, redispatches.GetMeasurementSnapshot().Count);
        Assert.All(redispatches.GetMeasurementSnapshot(), static measured => Assert.Equal(("status", "app"), (measured.Tags["reason"], measured.Tags["pool"])));
        // An answer that was there whole took no connection with it.
        Assert.Equal(1, _backends[0].Connections);
    }

    [Theory]
    [InlineData("direct")]
    [InlineData("yarp")]
    public async Task Status_WhoseBodyDoesNotEnd_IsNotWaitedFor(string forwarder)
    {
        await _backends.Start(503, 200);
        _backends[0].IsSlow = true;
        await using var frontend = await Frontend(forwarder);
        for (var i = 0; i < 3; i++)
        {
            frontend.Clock.Advance(TimeSpan.FromSeconds(1));
            Assert.Equal("b1", await _client.GetStringAsync(frontend.Http1, Cancellation));
        }

        Assert.NotEmpty(_backends[0].Bodies);
    }

    [Theory]
    [InlineData("direct")]
    [InlineData("yarp")]
    public async Task Status_OfEveryBackend_TheLastAnswerIsPassedOn(string forwarder)
    {
        await _backends.Start(503, 503, 503, 503);
        await using var frontend = await Frontend(forwarder, static rules => rules with { MaxAttempts = 3, MinRetriesPerSecond = 100 });
        using var answer = await _client.GetAsync(frontend.Http1, Cancellation);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal(answer.Headers.GetValues("X-From").Single(), await answer.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal(2, _backends.Requests);

        frontend.Clock.Advance(TimeSpan.FromSeconds(1));
        using var other = await _client.GetAsync(frontend.Http1, Cancellation);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, other.StatusCode);
        Assert.Equal(5, _backends.Requests);
    }

    [Theory]
    [InlineData("direct")]
    [InlineData("yarp")]
    public async Task Status_BudgetIsUsedUp_IsPassedOnAndCounted(string forwarder)
    {
        await _backends.Start(503, 503);
        await using var frontend = await Frontend(forwarder, static rules => rules with { BudgetPercent = 0 });
        using var denied = Collect(frontend, "retries.denied");
        for (var i = 0; i < 5; i++)
        {
            using var answer = await _client.GetAsync(frontend.Http1, Cancellation);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        }

        Assert.Equal(6, _backends.Requests);
        Assert.Equal(4, denied.GetMeasurementSnapshot().Count);
    }

    [Theory]
    [InlineData("POST", "direct")]
    [InlineData("POST", "yarp")]
    [InlineData("PATCH", "direct")]
    public async Task Status_RequestThatMayNotBeDoneTwice_IsPassedOn(string method, string forwarder)
    {
        await _backends.Start(503, 503);
        await using var frontend = await Frontend(forwarder);
        using var answer = await Send(frontend, method, "x");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal("x", Assert.Single(_backends.SelectMany(static backend => backend.Bodies)));
    }

    [Theory]
    [InlineData("direct", 503)]
    [InlineData("yarp", 503)]
    [InlineData("direct", 0)]
    [InlineData("yarp", 0)]
    public async Task Body_ThatIsShort_IsSentAgainWhole(string forwarder, int failure)
    {
        await _backends.Start(failure, 200);
        await using var frontend = await Frontend(forwarder);
        var body = new string('x', 60_000);
        for (var i = 0; i < 3; i++)
        {
            frontend.Clock.Advance(TimeSpan.FromSeconds(1.1));
            using var answer = await Send(frontend, "PUT", body);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        Assert.NotEmpty(_backends[0].Bodies);
        Assert.Equal(3, _backends[1].Bodies.Count);
        Assert.All(_backends.SelectMany(static backend => backend.Bodies), sent => Assert.Equal(body, sent));
    }

    /// <summary>The access log counts what is read of a body, whichever way it is read.</summary>
    [Theory]
    [InlineData("direct")]
    [InlineData("yarp")]
    public async Task Body_ThatIsShort_IsSentWholeAndCountedOnceForTheAccessLog(string forwarder)
    {
        await _backends.Start(503, 200);
        using var log = new AccessLogFile();
        var options = Options(forwarder, static rules => rules);
        foreach (var (key, value) in log.Settings)
            options.Settings[key] = value;
        await using var frontend = await FrontendHost.Start(options, _backends.Addresses);
        for (var i = 1; i <= 3; i++)
        {
            frontend.Clock.Advance(TimeSpan.FromSeconds(1.1));
            using var answer = await Send(frontend, "PUT", "0123456789");
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal(10, (await log.Last(frontend.Services, i)).GetProperty("received").GetInt64());
        }

        Assert.NotEmpty(_backends[0].Bodies);
        Assert.All(_backends.SelectMany(static backend => backend.Bodies), static sent => Assert.Equal("0123456789", sent));
    }

    [Theory]
    [InlineData("direct")]
    [InlineData("yarp")]
    public async Task Body_ThatIsLong_IsSentOnce(string forwarder)
    {
        await _backends.Start(503, 503);
        await using var frontend = await Frontend(forwarder, static rules => rules with { MaxBodySize = 99 });
        using var answer = await Send(frontend, "PUT", new string('x', 100));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Single(_backends.SelectMany(static backend => backend.Bodies));
    }

    /// <summary>The body is read before the request sets out, so that what is wrong with it is the client's alone.</summary>
    [Fact]
    public async Task Body_ThatEndsEarly_ReachesNoBackend()
    {
        await _backends.Start(200);
        await using var frontend = await Frontend("direct");
        using (var client = await RawConnection.Open(frontend.Http1, Cancellation))
        {
            await client.Send("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc", Cancellation);
            client.End();
            // The server may take it for a client that has gone.
            Assert.Matches("^(HTTP/1.1 400 |$)", await client.ReadToEnd(Cancellation));
        }

        Assert.Empty(_backends[0].Bodies);
        Assert.Equal("b0", await _client.GetStringAsync(frontend.Http1, Cancellation));
    }

    [Fact]
    public async Task Status_OfASessionsBackend_StaysWithTheSession()
    {
        await _backends.Start(200, 200);
        var affinity = new SessionAffinityConfig { Enabled = true, Policy = "ClusterCookie", AffinityKeyName = FrontendHost.CookieName };
        await using var frontend = await FrontendHost.Start(Options("direct", static rules => rules) with { Affinity = affinity }, _backends.Addresses);
        using var first = await _client.GetAsync(frontend.Http1, Cancellation);
        var own = _backends.Single(static backend => !backend.Bodies.IsEmpty);
        own.Status = 503;
        using var request = new HttpRequestMessage(HttpMethod.Get, frontend.Http1);
        request.Headers.Add("Cookie", first.Headers.GetValues("Set-Cookie").Single().Split(';')[0]);
        using var answer = await _client.SendAsync(request, Cancellation);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, own.Id), (answer.StatusCode, answer.Headers.GetValues("X-From").Single()));
    }

    [Fact]
    public async Task Status_OfAFirstRequestOfASession_BindsItToTheBackendThatServedIt()
    {
        await _backends.Start(503, 200);
        var affinity = new SessionAffinityConfig { Enabled = true, Policy = "ClusterCookie", AffinityKeyName = FrontendHost.CookieName };
        foreach (var forwarder in (string[])["direct", "yarp"])
        {
            await using var frontend = await FrontendHost.Start(Options(forwarder, static rules => rules with { MinRetriesPerSecond = 100 }) with { Affinity = affinity }, _backends.Addresses);
            for (var i = 0; i < 4; i++)
            {
                frontend.Clock.Advance(TimeSpan.FromSeconds(1));
                using var first = await _client.GetAsync(frontend.Http1, Cancellation);
                using var request = new HttpRequestMessage(HttpMethod.Get, frontend.Http1);
                request.Headers.Add("Cookie", first.Headers.GetValues("Set-Cookie").Single().Split(';')[0]);
                var failed = _backends[0].Bodies.Count;
                using var answer = await _client.SendAsync(request, Cancellation);
                Assert.Equal((HttpStatusCode.OK, failed), (answer.StatusCode, _backends[0].Bodies.Count));
            }
        }

        Assert.NotEmpty(_backends[0].Bodies);
    }

    [Fact]
    public async Task Attempts_OnlyOne_NothingThatWasSentIsSentAgain()
    {
        await _backends.Start(0, 0);
        await using var frontend = await Frontend("direct", static rules => rules with { MaxAttempts = 1 });
        using var answer = await _client.GetAsync(frontend.Http1, Cancellation);
        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        Assert.Single(_backends.SelectMany(static backend => backend.Bodies));
    }

    [Fact]
    public async Task Reset_IsNotConfigured_NothingThatWasSentIsSentAgain()
    {
        await _backends.Start(0, 0);
        await using var frontend = await Frontend("direct", static rules => rules with { OnReset = false });
        using var answer = await _client.GetAsync(frontend.Http1, Cancellation);
        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        Assert.Single(_backends.SelectMany(static backend => backend.Bodies));
    }

    private static MetricCollector<long> Collect(FrontendHost frontend, string name) =>
        new(frontend.Services.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>(), "OrleansLb.Frontend.Health", $"orleanslb.request.{name}");

    private Task<FrontendHost> Frontend(string forwarder) => Frontend(forwarder, static rules => rules);

    private Task<FrontendHost> Frontend(string forwarder, Func<RetryDefinition, RetryDefinition> change) => FrontendHost.Start(Options(forwarder, change), _backends.Addresses);

    private static FrontendHostOptions Options(string forwarder, Func<RetryDefinition, RetryDefinition> change) => new()
    {
        Settings = new() { ["OrleansLb:Frontend:Forwarder"] = forwarder },
        Retry = change(new RetryDefinition { OnStatuses = HttpStatusSet.TryParse("503", out var statuses) ? statuses : null }),
    };

    private async Task<HttpResponseMessage> Send(FrontendHost frontend, string method, string body) =>
        await _client.SendAsync(new HttpRequestMessage(new HttpMethod(method), frontend.Http1) { Content = new StringContent(body) }, Cancellation);
}
