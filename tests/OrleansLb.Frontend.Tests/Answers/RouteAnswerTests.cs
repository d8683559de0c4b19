using System.Net;
using System.Text.Json;
using OrleansLb.Frontend.Http.Answers;
using OrleansLb.Frontend.Tests.AccessLog;
using OrleansLb.Frontend.Tests.LoadBalancing;
using OrleansLb.Hosting.Files;

namespace OrleansLb.Frontend.Tests.Answers;

/// <summary>Routes that answer by themselves.</summary>
public sealed class RouteAnswerTests : IDisposable
{
    private const string Route = "Routes:app:";
    private const string Redirect = "Routes:app:OrleansLb:Redirect:";
    private const string Response = "Routes:app:OrleansLb:Response:";

    private static readonly (string, string?) Everything = ($"{Route}Match:Path", "/{**rest}");

    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false });
    private readonly AccessLogFile _log = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _client.Dispose();
        _log.Dispose();
    }

    [Theory]
    [InlineData("https://www.example.com{path}{query}", null, 302, "https://www.example.com/a/b%20c?d=e&f=%2F")]
    [InlineData("https://{host}:8443{path}", "301", 301, "https://127.0.0.1:8443/a/b%20c")]
    [InlineData("{scheme}://www.{host}/", "303", 303, "http://www.127.0.0.1/")]
    [InlineData("/new{path}", "307", 307, "/new/a/b%20c")]
    [InlineData("/new", "308", 308, "/new")]
    public async Task Redirect_ToALocation_HasWhatTheRequestHas(string location, string? status, int sent, string expected)
    {
        await using var frontend = await Frontend([Everything, ($"{Redirect}Location", location), .. status is null ? [] : new (string, string?)[] { ($"{Redirect}Status", status) }]);
        using var counted = frontend.Collect(AnswerMetrics.MeterName, "orleanslb.route.answers");
        foreach (var method in (string[])["GET", "HEAD", "POST"])
        {
            using var answer = await Send(frontend, method, "/a/b%20c?d=e&f=%2F");
            Assert.Equal((sent, expected, 0), ((int)answer.StatusCode, answer.Headers.GetValues("Location").Single(), answer.Content.Headers.ContentLength));
        }

        Assert.Equal(3, counted.GetMeasurementSnapshot().Count);
        Assert.All(counted.GetMeasurementSnapshot(), static measured => Assert.Equal(("app", "redirect"), (measured.Tags["route"], measured.Tags["kind"])));
        Assert.Equal(("redirected", "app", sent), Said(await _log.Last(frontend.Services, 3)));
    }

    [Fact]
    public async Task Redirect_ToAScheme_TakesThePortAwayAndLeavesRequestsThatHaveIt()
    {
        await using var backend = await Backend.Start();
        await using var frontend = await Frontend(
            [Everything, ($"{Redirect}Scheme", "https"), ($"{Route}ClusterId", "app"), ("Clusters:app:Destinations:a:Address", backend.Address)],
            ("OrleansLb:Frontend:TrustedProxies", "127.0.0.1"));
        using (var plain = await Send(frontend, "GET", "/id?a"))
            Assert.Equal((302, "https://127.0.0.1/id?a"), ((int)plain.StatusCode, plain.Headers.GetValues("Location").Single()));
        using (var secure = await Send(frontend, "GET", "/id?a", ("X-Forwarded-Proto", "https")))
            Assert.Equal((200, "a"), ((int)secure.StatusCode, await secure.Content.ReadAsStringAsync(Cancellation)));
        Assert.Equal(1, backend.Requests);
    }

    [Fact]
    public async Task Redirect_ToAScheme_WithoutAClusterDoesNotGoRoundAndRound()
    {
        await using var frontend = await Frontend([Everything, ($"{Redirect}Scheme", "https"), ($"{Redirect}Port", "8443")], ("OrleansLb:Frontend:TrustedProxies", "127.0.0.1"));
        using (var plain = await Send(frontend, "GET", "/a"))
            Assert.Equal("https://127.0.0.1:8443/a", plain.Headers.GetValues("Location").Single());
        using var secure = await Send(frontend, "GET", "/a", ("X-Forwarded-Proto", "https"));
        Assert.Equal(HttpStatusCode.NotFound, secure.StatusCode);
        Assert.Equal(("no_route", "app", 404), Said(await _log.Last(frontend.Services, 2)));
    }

    [Theory]
    [InlineData("GET //evil.example/ HTTP/1.1\r\nHost: x\r\n\r\n", "{path}", "/evil.example/")]
    [InlineData("GET /evil.example/ HTTP/1.1\r\nHost: x\r\n\r\n", "/{path}", "/evil.example/")]
    [InlineData("GET /%0d%0aSet-Cookie:a HTTP/1.1\r\nHost: x\r\n\r\n", "https://{host}{path}", "https://x/%0D%0ASet-Cookie:a")]
    [InlineData("GET /?a=%0d%0aSet-Cookie:a HTTP/1.1\r\nHost: x\r\n\r\n", "https://{host}/{query}", "https://x/?a=%0d%0aSet-Cookie:a")]
    [InlineData("GET /?a=\"<b> HTTP/1.1\r\nHost: x\r\n\r\n", "https://{host}/{query}", "https://x/?a=%22%3Cb%3E")]
    [InlineData("GET / HTTP/1.1\r\nHost: x:81\r\n\r\n", "https://{host}/", "https://x/")]
    [InlineData("GET / HTTP/1.1\r\nHost: [::1]:81\r\n\r\n", "https://{host}/", "https://[::1]/")]
    [InlineData("GET / HTTP/1.1\r\nHost: a@b\r\n\r\n", "https://{host}/", null)]
    [InlineData("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", "https://{host}/", null)]
    [InlineData("GET / HTTP/1.1\r\nHost: a%40b\r\n\r\n", "https://{host}/", null)]
    [InlineData("GET / HTTP/1.0\r\n\r\n", "https://{host}/", null)]
    public async Task Redirect_OfAHostileRequest_LeadsNowhereElseAndIsOneLine(string request, string location, string? expected)
    {
        await using var frontend = await Frontend(Everything, ($"{Redirect}Location", location));
        using var client = await RawConnection.Open(frontend.Http1, Cancellation);
        await client.Send(request, Cancellation);
        var head = await client.ReadTo("\r\n\r\n", Cancellation);
        Assert.DoesNotContain("\r\nSet-Cookie", head, StringComparison.OrdinalIgnoreCase);
        if (expected is null)
            Assert.StartsWith("HTTP/1.1 400 ", head, StringComparison.Ordinal);
        else
            Assert.Contains($"\r\nLocation: {expected}\r\n", head, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Response_OfTheConfiguration_IsSentAndHasNoBodyForHead()
    {
        await using var frontend = await Frontend(
            Everything, ($"{Response}Status", "410"), ($"{Response}Body", "gone, für immer\n"), ($"{Response}ContentType", "text/x-note"), ($"{Response}Headers:X-Why", "moved out"));
        using var counted = frontend.Collect(AnswerMetrics.MeterName, "orleanslb.route.answers");
        foreach (var method in (string[])["GET", "HEAD", "DELETE"])
        {
            using var answer = await Send(frontend, method, "/a");
            Assert.Equal((410, "moved out", "text/x-note", 17), ((int)answer.StatusCode, answer.Headers.GetValues("X-Why").Single(), answer.Content.Headers.ContentType!.ToString(), answer.Content.Headers.ContentLength));
            Assert.Equal(method == "HEAD" ? "" : "gone, für immer\n", await answer.Content.ReadAsStringAsync(Cancellation));
            Assert.False(answer.Headers.Contains("Cache-Control"));
        }

        Assert.Equal(3, counted.GetMeasurementSnapshot().Count(static measured => (string?)measured.Tags["kind"] == "response"));
        Assert.Equal(("answered", "app", 410), Said(await _log.Last(frontend.Services, 3)));
    }

    [Theory]
    [InlineData("200", true)]
    [InlineData("204", false)]
    [InlineData("304", false)]
    public async Task Response_WithoutABody_SaysNoTypeOfIt(string status, bool hasLength)
    {
        await using var frontend = await Frontend(Everything, ($"{Response}Status", status));
        using var client = await RawConnection.Open(frontend.Http1, Cancellation);
        await client.Send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", Cancellation);
        var answer = await client.ReadToEnd(Cancellation);
        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("Content-Type", answer, StringComparison.Ordinal);
        Assert.Equal(hasLength, answer.Contains("Content-Length: 0", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Response_OfAFile_IsReadAgainWhenItChangesAndKeptWhenItIsGoneOrTooLong()
    {
        var pages = Directory.CreateTempSubdirectory("orleanslb-pages");
        var file = Path.Combine(pages.FullName, "down.html");
        await File.WriteAllTextAsync(file, "one", Cancellation);
        await using var frontend = await Frontend([Everything, ($"{Response}File", "down.html")], ("OrleansLb:Frontend:PagesDirectory", pages.FullName));
        using var reads = frontend.Collect(PageMetrics.MeterName, "orleanslb.page.reads");
        using (var answer = await Send(frontend, "GET", "/"))
            Assert.Equal(("text/html; charset=utf-8", "one"), (answer.Content.Headers.ContentType!.ToString(), await answer.Content.ReadAsStringAsync(Cancellation)));

        await File.WriteAllTextAsync(file, "another", Cancellation);
        await Eventually.Is(async () => await Body(frontend) == "another");
        await File.WriteAllBytesAsync(file, new byte[PageFile.Longest + 1], Cancellation);
        await Eventually.Is(async () => await Body(frontend) == "another" && reads.GetMeasurementSnapshot().Count(IsFailed) == 1);
        File.Delete(file);
        await Eventually.Is(async () => await Body(frontend) == "another" && reads.GetMeasurementSnapshot().Count(IsFailed) == 2);
        await File.WriteAllBytesAsync(file, new byte[PageFile.Longest], Cancellation);
        await Eventually.Is(async () => (await Body(frontend)).Length == PageFile.Longest);
        pages.Delete(recursive: true);
    }

    [Fact]
    public async Task Response_OfAFileThatIsNotThere_IsItsStatusUntilItIs()
    {
        await using var frontend = await Frontend(Everything, ($"{Response}File", "a/later.txt"), ($"{Response}Status", "404"));
        using (var answer = await Send(frontend, "GET", "/"))
            Assert.Equal((404, 0), ((int)answer.StatusCode, answer.Content.Headers.ContentLength));
        Directory.CreateDirectory(Path.Combine(frontend.DataDirectory, "pages", "a"));
        await File.WriteAllTextAsync(Path.Combine(frontend.DataDirectory, "pages", "a", "later.txt"), "here", Cancellation);
        await Eventually.Is(async () => await Body(frontend) == "here");
    }

    [Fact]
    public async Task Response_OfARouteWithAccess_IsForThoseWhoMay()
    {
        await using var frontend = await Frontend(Everything, ($"{Response}Body", "x"), ($"{Route}OrleansLb:Access:Deny:0", "127.0.0.0/8"));
        using (var answer = await Send(frontend, "GET", "/"))
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Equal(("access_denied", "app", 403), Said(await _log.Last(frontend.Services)));
    }

    [Fact]
    public async Task Answers_AreReplacedUnderLoad_EveryRequestHasTheOldOrTheNew()
    {
        await using var frontend = await Frontend(Everything, ($"{Response}Body", "0"));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var asked = Task.Run(
            async () =>
            {
                var bodies = new HashSet<string>();
                while (!stop.IsCancellationRequested)
                    bodies.Add(await Body(frontend));
                return bodies;
            },
            Cancellation);
        for (var change = 1; change <= 20; change++)
        {
            await frontend.Apply(Everything, ($"{Response}Body", $"{change}"));
            await Eventually.Is(async () => await Body(frontend) == $"{change}");
        }

        await stop.CancelAsync();
        Assert.Subset(Enumerable.Range(0, 21).Select(static change => $"{change}").ToHashSet(), await asked);
    }

    private static bool IsFailed(Microsoft.Extensions.Diagnostics.Metrics.Testing.CollectedMeasurement<long> measured) => (string?)measured.Tags["result"] == "failed";

    private static (string? Reason, string? Route, int Status) Said(JsonElement line) =>
        (line.GetProperty("reason").GetString(), line.GetProperty("route").GetString(), line.GetProperty("status").GetInt32());

    private Task<FrontendHost> Frontend(params (string Key, string? Value)[] settings) => Frontend(settings, []);

    private Task<FrontendHost> Frontend((string Key, string? Value)[] settings, params (string Key, string Value)[] own)
    {
        var process = _log.Settings;
        foreach (var (key, value) in own)
            process[key] = value;
        return ConfiguredFrontend.Start(new FrontendHostOptions { Settings = process }, settings);
    }

    /// <summary>Asks for all, while time passes in which files are looked at.</summary>
    private async Task<string> Body(FrontendHost frontend)
    {
        frontend.Clock.Advance(FileWatcher.Period);
        using var answer = await Send(frontend, "GET", "/");
        return await answer.Content.ReadAsStringAsync(Cancellation);
    }

    private async Task<HttpResponseMessage> Send(FrontendHost frontend, string method, string target, params (string Name, string Value)[] fields)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(frontend.Http1, target));
        foreach (var (name, value) in fields)
            request.Headers.Add(name, value);
        return await _client.SendAsync(request, Cancellation);
    }
}
