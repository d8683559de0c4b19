using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Core.Snapshots;
using OrleansLb.Frontend.Http.AccessLog;
using OrleansLb.Frontend.Tests.Affinity;
using OrleansLb.Frontend.Tests.Tls;
using Yarp.ReverseProxy.Configuration;

namespace OrleansLb.Frontend.Tests.AccessLog;

/// <summary>What lines say, and what none ever says.</summary>
public sealed partial class AccessLogTests : IDisposable
{
    private const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";

    private readonly AccessLogFile _log = new();
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseCookies = false });

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _client.Dispose();
        _log.Dispose();
    }

    [Theory]
    [InlineData("Direct")]
    [InlineData("Yarp")]
    public async Task Request_Answered_SaysAllOfIt(string forwarder)
    {
        await using var backend = await Backend.Start();
        await using var frontend = await FrontendHost.Start(Logged(("Frontend:Forwarder", forwarder)), backend);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(frontend.Http1, "/echo?key=s3cret")) { Content = new ByteArrayContent(new byte[100_000]) };
        request.Headers.Host = "example.com";
        request.Headers.Add("traceparent", $"00-{Trace}-00f067aa0ba902b7-01");
        request.Headers.UserAgent.ParseAdd("tester/1.0");

        // A client of .NET would send a trace of its own instead.
        Activity.Current = null;
        using var answer = await _client.SendAsync(request, Cancellation);
        Assert.Equal(100_000, (await answer.Content.ReadAsByteArrayAsync(Cancellation)).Length);

        var line = Assert.Single(await _log.Lines(frontend.Services, 1));
        Assert.Equal(
            """{"time":"2000-01-01T00:00:00.000Z","client":"127.0.0.1","method":"POST","path":"/echo","protocol":"HTTP/1.1","host":"example.com","status":200,"reason":"ok","route":"app","pool":"app","backend":"a","""
            + $"\"tries\":1,\"queue_ms\":0.000,\"first_ms\":0.000,\"total_ms\":0.000,\"received\":100000,\"sent\":100000,\"trace\":\"{Trace}\",\"user_agent\":\"tester/1.0\"}}",
            line);
    }

    [Fact]
    public async Task Request_TakesTime_SaysHowLongItWasUntilTheAnswerBeganAndEnded()
    {
        await using var backend = new Forwarding.ScriptedBackend();
        await using var frontend = await FrontendHost.Start(Logged(), backend.Alone);
        using var client = await RawConnection.Open(frontend.Http1, Cancellation);
        await client.Send("GET / HTTP/1.1\r\nHost: x\r\n\r\n", Cancellation);
        var connection = await backend.Next();
        await connection.ReadHead();
        frontend.Clock.Advance(TimeSpan.FromMilliseconds(1500.25));
        await connection.Send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel");
        await client.ReadTo("hel", Cancellation);
        frontend.Clock.Advance(TimeSpan.FromMilliseconds(250));
        await connection.Send("lo");
        await client.ReadTo("lo", Cancellation);

        var line = await _log.Last(frontend.Services);
        Assert.Equal((1500.25m, 1750.25m, 5), (line.GetProperty("first_ms").GetDecimal(), line.GetProperty("total_ms").GetDecimal(), line.GetProperty("sent").GetInt32()));
    }

    [Fact]
    public async Task Request_OfCombinedFormat_IsWhatToolsRead()
    {
        await using var backend = await Backend.Start();
        await using var frontend = await FrontendHost.Start(Logged(("AccessLog:Format", "combined")), backend);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(frontend.Http1, "/id?key=s3cret"));
        request.Headers.Referrer = new Uri("https://example.com/from?key=s3cret");
        request.Headers.UserAgent.ParseAdd("tester/1.0 (of logs)");
        using var answer = await _client.SendAsync(request, Cancellation);

        Assert.Equal(
            "127.0.0.1 - - [01/Jan/2000:00:00:00 +0000] \"GET /id HTTP/1.1\" 200 1 \"https://example.com/from\" \"tester/1.0 (of logs)\"",
            Assert.Single(await _log.Lines(frontend.Services, 1)));
    }

    [Fact]
    public async Task Query_IsWanted_IsShown()
    {
        await using var backend = await Backend.Start();
        await using var frontend = await FrontendHost.Start(Logged(("AccessLog:Query", "true")), backend);
        await _client.GetStringAsync(new Uri(frontend.Http1, "/id?a=b"), Cancellation);
        Assert.Equal("/id?a=b", (await _log.Last(frontend.Services)).GetProperty("path").GetString());
    }

    [Fact]
    public async Task Client_BehindATrustedProxy_IsTheOneThatItNames()
    {
        await using var backend = await Backend.Start();
        await using var frontend = await FrontendHost.Start(Logged(("Frontend:TrustedProxies", "127.0.0.1")), backend);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(frontend.Http1, "/id"));
        request.Headers.Add("X-Forwarded-For", "192.0.2.7");
        using var answer = await _client.SendAsync(request, Cancellation);
        Assert.Equal("192.0.2.7", (await _log.Last(frontend.Services)).GetProperty("client").GetString());
    }

    [Theory]
    [InlineData("1.1", "HTTP/1.1")]
    [InlineData("2.0", "HTTP/2")]
    public async Task Request_OverTls_SaysItsVersion(string version, string protocol)
    {
        await using var backend = await Backend.Start();
        await using var frontend = new TlsFrontend();
        frontend.Add("site", frontend.Authority.Server("example.com"));
        frontend["MinimumVersion"] = "Tls13";
        frontend.Set("OrleansLb:Frontend:AccessLog:Path", _log.Path);
        await frontend.Start(backend);
        using var client = frontend.Client(Version.Parse(version));
        using var answer = await client.PostAsync("https://example.com/echo", new ByteArrayContent(new byte[300_000]), Cancellation);
        Assert.Equal(300_000, (await answer.Content.ReadAsByteArrayAsync(Cancellation)).Length);

        var line = await _log.Last(frontend.Host.Services);
        Assert.Equal(("TLSv1.3", protocol, "example.com"), (line.GetProperty("tls").GetString(), line.GetProperty("protocol").GetString(), line.GetProperty("host").GetString()));
        Assert.Equal((300_000, 300_000), (line.GetProperty("received").GetInt32(), line.GetProperty("sent").GetInt32()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WebSocket_Ends_SaysWhatWentThroughIt(bool overHttp2)
    {
        await using var backend = await Backend.Start();
        await using var frontend = await FrontendHost.Start(Logged(), backend);
        using var socket = new ClientWebSocket();
        if (overHttp2)
            (socket.Options.HttpVersion, socket.Options.HttpVersionPolicy) = (HttpVersion.Version20, HttpVersionPolicy.RequestVersionExact);
        using var invoker = new HttpMessageInvoker(new SocketsHttpHandler());
        await socket.ConnectAsync(new UriBuilder(overHttp2 ? frontend.Http2 : frontend.Http1) { Scheme = "ws", Path = "/socket" }.Uri, invoker, Cancellation);
        await socket.SendAsync(new byte[1000], WebSocketMessageType.Binary, endOfMessage: true, Cancellation);
        await socket.ReceiveAsync(new byte[4096], Cancellation);
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "bye", Cancellation);

        var line = await _log.Last(frontend.Services);
        Assert.Equal(("ok", overHttp2 ? 200 : 101), (line.GetProperty("reason").GetString(), line.GetProperty("status").GetInt32()));
        // A frame's head is 8 bytes from a client and 4 to it; what closes it has a code and a text.
        Assert.InRange(line.GetProperty("received").GetInt32(), 1008, 1030);
        Assert.InRange(line.GetProperty("sent").GetInt32(), 1004, 1030);
    }

    [Theory]
    [InlineData("Json")]
    [InlineData("Combined")]
    public async Task Client_SendsLinesOfItsOwn_EachRequestIsOneLine(string format)
    {
        await using var backend = await Backend.Start();
        await using var frontend = await FrontendHost.Start(Logged(("AccessLog:Format", format), ("AccessLog:Query", "true")), backend);
        string[] agents = ["a\"b\\c", "\xC3\xA9\xE2\x80\xA8\xF0\x9F\x98\x80", "\",\"status\":200,\"x\":\"", "\" 200 1 \"-\" \"-", "tab\there", new string('x', 5000)];
        foreach (var agent in agents)
        {
            using var client = await RawConnection.Open(frontend.Http1, Cancellation);
            await client.Send($"GET /a\"b?\"c HTTP/1.1\r\nHost: x\r\nReferer: {agent}\r\nUser-Agent: {agent}\r\nConnection: close\r\n\r\n", Cancellation);
            await client.ReadToEnd(Cancellation);
        }

        var lines = await _log.Lines(frontend.Services, agents.Length);
        Assert.All(lines, static line => Assert.Matches("^[ -~]+$", line));
        if (format == "Combined")
            Assert.All(lines, static line => Assert.Matches("^\\S+ - - \\[[^]\"]+\\] \"[^ \"]+ [^ \"]+ [^ \"]+\" \\d+ \\S+ \"[^\"]+\" \"[^\"]+\"$", line));
        else
            Assert.Equal(["a\"b\\c", "\u00E9\u2028\U0001F600", agents[2], agents[3], agents[4], agents[5][..512] + "..."], lines.Select(static line => JsonDocument.Parse(line).RootElement.GetProperty("user_agent").GetString()));
    }

    [Theory]
    [InlineData("Json")]
    [InlineData("Combined")]
    public async Task Secrets_InFieldsOfEveryKind_AreInNoLine(string format)
    {
        await using var backend = await Backend.Start();
        var options = Logged(("AccessLog:Format", format)) with
        {
            Affinity = new SessionAffinityConfig { Enabled = true, Policy = "ClusterCookie", AffinityKeyName = FrontendHost.CookieName },
            RateLimit = new RateLimitPolicyDefinition
            {
                Name = "perKey",
                Algorithm = RateLimitAlgorithm.TokenBucket,
                TokenLimit = 10,
                TokensPerPeriod = 1,
                ReplenishmentPeriod = TimeSpan.FromSeconds(1),
                WhenUnreachable = WhenUnreachable.Allow,
                Partition = RateLimitPartition.Header,
                PartitionHeader = "X-Api-Key",
            },
        };
        await using var frontend = await FrontendHost.Start(options, backend);
        frontend.Clock.Advance(TimeSpan.FromSeconds(5));
        var session = (await CookieAnswer.Get(_client, new Uri(frontend.Http1, "/id"), null)).Cookie!;
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(frontend.Http1, "/id?token=s3cret-query"));
        request.Headers.Add("Cookie", $"{session}; other=s3cret-cookie");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "s3cret-token");
        request.Headers.Add("X-Api-Key", "s3cret-key");
        request.Headers.Add("Proxy-Authorization", "Basic s3cret-proxy");
        request.Headers.Referrer = new Uri("https://example.com/from?token=s3cret-referer");
        using var answer = await _client.SendAsync(request, Cancellation);
        // One that is refused is logged too, with what of it may be shown.
        using var client = await RawConnection.Open(frontend.Http1, Cancellation);
        await client.Send("GET http://user:s3cret-user@example.com/ HTTP/1.1\r\nHost: example.com\r\nCookie: s3cret-refused\r\n\r\n", Cancellation);
        await client.ReadToEnd(Cancellation);

        var lines = string.Join('\n', await _log.Lines(frontend.Services, 3));
        Assert.DoesNotContain("s3cret", lines, StringComparison.Ordinal);
        Assert.DoesNotContain(session.Split('=')[1], lines, StringComparison.Ordinal);
        if (format == "Json")
            Assert.Matches("\"affinity\":\"keep\",\"limit\":\"admitted_alone\",\"limit_policy\":\"perKey\"", lines);
    }

    [Theory]
    [InlineData("0", 0, 0)]
    [InlineData("100", 400, 400)]
    [InlineData("50", 120, 280)]
    public async Task Sample_OfTheAnswered_IsWrittenAndAllOfTheOthers(string percent, int least, int most)
    {
        await using var backend = await Backend.Start();
        await using var frontend = await FrontendHost.Start(Logged(("AccessLog:SamplePercent", percent)) with { Path = "/id" }, backend);
        for (var i = 0; i < 400; i++)
            Assert.Equal(backend.Id, await _client.GetStringAsync(new Uri(frontend.Http1, "/id"), Cancellation));
        for (var i = 0; i < 20; i++)
            (await _client.GetAsync(new Uri(frontend.Http1, "/other"), Cancellation)).Dispose();

        await frontend.Services.GetRequiredService<AccessLogWriter>().StopAsync(Cancellation);
        var lines = await File.ReadAllLinesAsync(_log.Path, Cancellation);
        Assert.Equal(20, lines.Count(static line => line.Contains("\"reason\":\"no_route\"", StringComparison.Ordinal)));
        Assert.InRange(lines.Length - 20, least, most);
    }

    [Fact]
    public async Task Log_IsNotConfigured_NothingOfItIsThere()
    {
        await using var backend = await Backend.Start();
        await using var frontend = await FrontendHost.Start(backend);
        await _client.GetStringAsync(new Uri(frontend.Http1, "/id"), Cancellation);
        Assert.Null(frontend.Services.GetService<AccessLogWriter>());
        Assert.Null(frontend.Services.GetService<AccessLogMetrics>());
    }

    // Notes and memory are used again.
    [Fact]
    public async Task Requests_ManyAtOnce_EachHasItsOwnLine()
    {
        const int requests = 2_000;
        await using var backend = await Backend.Start();
        await using var frontend = await FrontendHost.Start(Logged(), backend);
        await Parallel.ForAsync(0, requests, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = Cancellation }, async (i, cancellation) =>
        {
            using var answer = await _client.PostAsync(new Uri(frontend.Http1, $"/echo?/{i}"), new ByteArrayContent(new byte[i]) { Headers = { { "X-Number", $"{i}" } } }, cancellation);
            await answer.Content.ReadAsByteArrayAsync(cancellation);
        });

        var lines = await _log.Lines(frontend.Services, requests);
        var sizes = lines.Select(static line => Sizes().Match(line)).Select(static match => (Received: Parse(match, "received"), Sent: Parse(match, "sent"))).ToList();
        Assert.Equal(Enumerable.Range(0, requests), sizes.Select(static size => size.Received).Order());
        Assert.All(sizes, static size => Assert.Equal(size.Received, size.Sent));
    }

    [GeneratedRegex("\"received\":(?<received>\\d+),\"sent\":(?<sent>\\d+)")]
    private static partial Regex Sizes();

    private static int Parse(Match match, string group) => int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    private FrontendHostOptions Logged(params (string Key, string Value)[] further)
    {
        var settings = _log.Settings;
        foreach (var (key, value) in further)
            settings[$"OrleansLb:{(key.StartsWith("AccessLog", StringComparison.Ordinal) ? "Frontend:" : "")}{key}"] = value;
        return new FrontendHostOptions { Settings = settings };
    }
}
