using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.Logging;
using OrleansLb.Hosting.Status.Access;
using OrleansLb.Hosting.Telemetry;

namespace OrleansLb.Hosting.Tests.Status.Access;

public sealed class StatusAccessTests : IAsyncLifetime
{
    private const string Wrong = "olb_wrong-0123456789-0123456789-0123456789";

    private readonly TokenFiles _files = new();
    private GuardedHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await GuardedHost.Start($"--OrleansLb:Status:Tokens={_files.Path}");

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _files.Dispose();
    }

    [Theory]
    [InlineData(null, "GET", "/look", HttpStatusCode.Unauthorized)]
    [InlineData(null, "POST", "/touch", HttpStatusCode.Unauthorized)]
    [InlineData(null, "POST", "/find", HttpStatusCode.Unauthorized)]
    [InlineData(null, "GET", "/nowhere", HttpStatusCode.Unauthorized)]
    [InlineData(null, "POST", "/livez", HttpStatusCode.Unauthorized)]
    [InlineData(Wrong, "GET", "/look", HttpStatusCode.Unauthorized)]
    [InlineData(TokenFiles.Reader, "GET", "/look", HttpStatusCode.OK)]
    [InlineData(TokenFiles.Reader, "POST", "/find", HttpStatusCode.OK)]
    [InlineData(TokenFiles.Reader, "GET", "/nowhere", HttpStatusCode.NotFound)]
    [InlineData(TokenFiles.Reader, "POST", "/touch", HttpStatusCode.Forbidden)]
    [InlineData(TokenFiles.Reader, "DELETE", "/look", HttpStatusCode.Forbidden)]
    [InlineData(TokenFiles.Reader, "GET", "/touch", HttpStatusCode.MethodNotAllowed)]
    [InlineData(TokenFiles.Admin, "GET", "/look", HttpStatusCode.OK)]
    [InlineData(TokenFiles.Admin, "POST", "/find", HttpStatusCode.OK)]
    [InlineData(TokenFiles.Admin, "POST", "/touch", HttpStatusCode.OK)]
    [InlineData(TokenFiles.Admin, "GET", "/touch", HttpStatusCode.MethodNotAllowed)]
    [InlineData(TokenFiles.Admin, "DELETE", "/touch", HttpStatusCode.MethodNotAllowed)]
    public async Task Request_ByWhatItsTokenIsGoodFor_IsLetInOrRefused(string? token, string method, string path, HttpStatusCode expected) =>
        Assert.Equal(expected, await _host.Status(method, path, token));

    [Theory]
    [InlineData("/livez")]
    [InlineData("/readyz")]
    [InlineData("/startupz")]
    [InlineData("/healthz")]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    [InlineData("/health/startup")]
    [InlineData("/metrics")]
    public async Task Probe_WithoutToken_IsAnswered(string path) => Assert.Equal(HttpStatusCode.OK, await _host.Status("GET", path));

    [Fact]
    public async Task Metrics_ThatNeedAToken_AreNotTheReadersOfNone()
    {
        await using var host = await GuardedHost.Start($"--OrleansLb:Status:Tokens={_files.Path}", "--OrleansLb:Status:MetricsNeedToken=true");

        Assert.Equal(HttpStatusCode.Unauthorized, await host.Status("GET", "/metrics"));
        Assert.Equal(HttpStatusCode.OK, await host.Status("GET", "/metrics", TokenFiles.Reader));
        Assert.Equal(HttpStatusCode.OK, await host.Status("GET", "/livez"));
    }

    [Theory]
    [InlineData(null, "GET", "Bearer realm=\"OrleansLb\"", "admin.auth.missing")]
    [InlineData(Wrong, "GET", "Bearer realm=\"OrleansLb\", error=\"invalid_token\"", "admin.auth.token")]
    [InlineData("short", "GET", "Bearer realm=\"OrleansLb\", error=\"invalid_token\"", "admin.auth.token")]
    [InlineData(TokenFiles.Reader, "DELETE", "Bearer realm=\"OrleansLb\", error=\"insufficient_scope\", scope=\"admin\"", "admin.auth.role")]
    public async Task Refusal_SaysWhatWouldBeAccepted_AndIsCountedOnce(string? token, string method, string challenge, string reason)
    {
        using var response = await _host.Send(method, "/look", token);

        Assert.Equal(challenge, Assert.Single(response.Headers.GetValues("WWW-Authenticate")));
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal([reason], _host.Rejected);
    }

    [Theory]
    [InlineData("Basic b3BzOm9wcw==")]
    [InlineData("Bearer")]
    [InlineData("Bearer  ")]
    [InlineData("Bearer " + TokenFiles.Admin, "Bearer " + TokenFiles.Admin)]
    public async Task Authorization_ThatIsNotOneToken_IsRefusedAndNoGuess(params string[] values)
    {
        for (var i = 0; i < FailedAttempts.Most + 1; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/look");
            foreach (var value in values)
                request.Headers.TryAddWithoutValidation("Authorization", value);
            using var response = await _host.Client.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
            Assert.Equal(["admin.auth.malformed"], _host.Rejected);
        }
    }

    [Fact]
    public async Task Guesses_TenInAMinute_AreEnoughForEveryoneAtThatAddress()
    {
        for (var i = 0; i < FailedAttempts.Most; i++)
            Assert.Equal(HttpStatusCode.Unauthorized, await _host.Status("GET", "/look", $"{Wrong}{i}"));
        _host.Clock.Advance(TimeSpan.FromSeconds(20.5));

        using var refused = await _host.Send("GET", "/look", TokenFiles.Admin);
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(40), refused.Headers.RetryAfter?.Delta);
        Assert.Equal([.. Enumerable.Repeat("admin.auth.token", FailedAttempts.Most), "admin.auth.attempts"], _host.Rejected);
        Assert.Equal(HttpStatusCode.OK, await _host.Status("GET", "/livez"));

        _host.Clock.Advance(TimeSpan.FromSeconds(39.5));
        Assert.Equal(HttpStatusCode.OK, await _host.Status("GET", "/look", TokenFiles.Admin));
    }

    [Fact]
    public async Task Guesses_AtOnce_AreNoMoreThanOneAfterTheOther()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 60).Select(i => _host.Status("GET", "/look", $"{Wrong}{i}")));

        Assert.Equal(FailedAttempts.Most, answers.Count(static status => status == HttpStatusCode.Unauthorized));
        Assert.Equal(50, answers.Count(static status => status == HttpStatusCode.TooManyRequests));
    }

    [Fact]
    public async Task File_IsReplaced_NewTokensCountAndOldOnesDoNot_AndADamagedOneChangesNothing()
    {
        const string next = "olb_next-0123456789-0123456789-0123456789";
        _files.Write((next, "ops", AccessRole.Admin));
        _host.LookAtTokens();
        Assert.Equal(HttpStatusCode.OK, await _host.Status("POST", "/touch", next));
        Assert.Equal(HttpStatusCode.Unauthorized, await _host.Status("POST", "/touch", TokenFiles.Admin));

        _files.Replace("ops admin nothing\n");
        _host.LookAtTokens();
        Assert.Equal(HttpStatusCode.OK, await _host.Status("POST", "/touch", next));
        using var ready = await _host.Send("GET", "/readyz?verbose");
        Assert.Contains("[+]status tokens ok: the present file cannot be used: line 1 of ", await ready.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Single(_host.Log, static line => line.Id.Name == "StatusTokensNotRead");
    }

    [Fact]
    public async Task Change_IsInTheLogWithWhoWhatWhereAndHowItEnded_AndNoTokenIs()
    {
        using var touched = await _host.Send("POST", "/touch?why=because%0Aof", TokenFiles.Admin);
        Assert.Equal("ops", await touched.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        await _host.Status("POST", "/change", TokenFiles.Admin, """{ "value": """);
        await _host.Status("POST", "/touch", TokenFiles.Reader);
        await _host.Status("POST", "/find", TokenFiles.Reader);
        await _host.Status("GET", "/look", Wrong);

        var changes = _host.Log.Where(static line => line.Id.Name == "StatusApiChange").Select(static line => line.Message).ToList();
        Assert.Equal(
            ["Change by ops from 127.0.0.1: POST /touch?why=because%0Aof was answered 200.", "Change by ops from 127.0.0.1: POST /change was answered 400."], changes);
        Assert.All(_host.Log, static line => Assert.DoesNotContain("0123456789-0123456789", line.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Refusals_OfOneReason_FillNoLog()
    {
        for (var i = 0; i < LineBudget.Most * 2; i++)
            await _host.Status("GET", "/look");

        Assert.Equal(LineBudget.Most, _host.Log.Count(static line => line.Id.Name == "StatusRequestRefused" && line.Level == LogLevel.Warning));
        Assert.Equal(LineBudget.Most * 2, _host.Rejected.Count);
    }

    [Fact]
    public async Task Refusals_OfTheServerItself_AreCountedOnceEach()
    {
        using var host = new HttpRequestMessage(HttpMethod.Get, "/livez") { Headers = { Host = "evil.example" } };
        using var origin = new HttpRequestMessage(HttpMethod.Post, "/touch") { Headers = { { "Origin", "http://evil.example" } } };
        using var form = new HttpRequestMessage(HttpMethod.Post, "/touch") { Content = new FormUrlEncodedContent([new("a", "b")]) };
        foreach (var (request, reason) in new[] { (host, "admin.host"), (origin, "admin.origin"), (form, "admin.content_type") })
        {
            using var response = await _host.Client.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal([reason], _host.Rejected);
        }

        await _host.Status("GET", "/touch", TokenFiles.Admin);
        await _host.Status("POST", "/change", TokenFiles.Admin, """{ "value": "a", "value": "b" }""");
        await _host.Status("POST", "/change", TokenFiles.Admin, $"\"{new string('x', 1024 * 1024)}\"");
        await _host.Status("GET", "/look", TokenFiles.Admin);
        Assert.Equal(["admin.method", "admin.request", "admin.body"], _host.Rejected);
    }

    [Fact]
    public async Task Address_OthersCanReachWithoutTls_IsWarnedOf() =>
        Assert.Single(_host.Log, line => line.Id.Name == "StatusTokensInClear" && line.Level == LogLevel.Warning && line.Message.Contains($":{_host.Client.BaseAddress!.Port},", StringComparison.Ordinal));

    [Fact]
    public async Task Address_OthersCanReachWithoutTokens_ServesProbesAndMetricsOnly()
    {
        await using var host = await GuardedHost.Start("--OrleansLb:Status:AllowRemote=true");

        foreach (var open in new[] { "/livez", "/readyz", "/startupz", "/healthz", "/metrics" })
            Assert.Equal(HttpStatusCode.OK, await host.Status("GET", open));
        Assert.Equal(HttpStatusCode.Forbidden, await host.Status("GET", "/look"));
        Assert.Equal(HttpStatusCode.Forbidden, await host.Status("POST", "/touch", TokenFiles.Admin));
        Assert.Equal(["admin.auth.closed", "admin.auth.closed"], host.Rejected);
        Assert.Single(host.Log, static line => line.Id.Name == "StatusApiClosed");
    }

    [Fact]
    public async Task Loopback_WithoutTokens_NeedsNothing()
    {
        await using var host = await GuardedHost.Start("--OrleansLb:Status:Url=http://127.0.0.1:0");

        Assert.Equal(HttpStatusCode.OK, await host.Status("GET", "/look"));
        Assert.Equal(HttpStatusCode.OK, await host.Status("POST", "/touch"));
        Assert.Equal("Change by somebody on this machine from 127.0.0.1: POST /touch was answered 200.", Assert.Single(host.Log, static line => line.Id.Name == "StatusApiChange").Message);
        Assert.Empty(host.Rejected);
    }

    [Fact]
    public async Task Loopback_WithTokens_NeedsThemToo()
    {
        await using var host = await GuardedHost.Start("--OrleansLb:Status:Url=http://127.0.0.1:0", $"--OrleansLb:Status:Tokens={_files.Path}");

        Assert.Equal(HttpStatusCode.Unauthorized, await host.Status("GET", "/look"));
        Assert.Equal(HttpStatusCode.OK, await host.Status("GET", "/look", TokenFiles.Reader));
        Assert.DoesNotContain(host.Log, static line => line.Id.Name == "StatusTokensInClear");
    }

    [Fact]
    public async Task Scheme_InAnyCase_IsTaken()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/look") { Headers = { Authorization = new AuthenticationHeaderValue("bEARER", TokenFiles.Reader) } };
        using var response = await _host.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }
}
