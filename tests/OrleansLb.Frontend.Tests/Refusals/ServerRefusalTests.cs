using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Frontend.Http.Refusals;
using OrleansLb.Frontend.Tests.Tls;
using OrleansLb.Hosting.Telemetry;

namespace OrleansLb.Frontend.Tests.Refusals;

/// <summary>What the server refuses before anybody else knows it is as visible as what we refuse.</summary>
public sealed class ServerRefusalTests
{
    private const string Host = "\r\nHost: x\r\n\r\n";

    private static readonly Dictionary<string, Refusal> Cases = new()
    {
        ["TLS to a port without"] = new("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400, "framing.tls"),
        ["no line"] = new("GET\r\n\r\n", 400, "framing.line"),
        ["two words"] = new("GET /id" + Host, 400, "framing.line"),
        ["version of HTTP that nobody speaks"] = new("GET /id HTTP/1.2" + Host, 505, "framing.version"),
        ["version in lower case"] = new("GET /id http/1.1" + Host, 400, "framing.line"),
        ["version of another protocol"] = new("GET /id ICAP/1.0" + Host, 400, "framing.line"),
        ["method without end"] = new(new string('M', 100_000) + " /id HTTP/1.1" + Host, 400, "limit.line"),
        ["target without end"] = new("GET /" + new string('p', 100_000) + " HTTP/1.1" + Host, 414, "limit.line"),
        ["star for another method"] = new("GET * HTTP/1.1" + Host, 400, "target"),
        ["target without a slash"] = new("GET id HTTP/1.1" + Host, 400, "target"),
        ["target above ASCII"] = new("GET /\xe4 HTTP/1.1" + Host, 400, "path"),
        ["escaped NUL in the target"] = new("GET /%00 HTTP/1.1" + Host, 400, "path", Path: "/%00"),
        ["line without a colon"] = new("GET /id HTTP/1.1\r\nHost: x\r\nName\r\n\r\n", 400, "framing.field", "GET", "/id"),
        ["line that ends with LF"] = new("GET /id HTTP/1.1\r\nHost: x\nA: b\r\n\r\n", 400, "framing.field", "GET", "/id"),
        ["value with a NUL"] = new("GET /id HTTP/1.1\r\nHost: x\r\nA: \x00\r\n\r\n", 400, "framing.field", "GET", "/id"),
        ["name above ASCII"] = new("GET /id HTTP/1.1\r\nHost: x\r\nN\xe4: v\r\n\r\n", 400, "field.name", "GET", "/id"),
        ["fields of 40,000 bytes"] = new("GET /id HTTP/1.1\r\nHost: x\r\nA: " + new string('b', 40_000) + "\r\n\r\n", 431, "limit.fields", "GET", "/id"),
        ["101 fields"] = new("GET /id HTTP/1.1\r\n" + string.Concat(Enumerable.Repeat("A: b\r\n", 101)) + "\r\n", 431, "limit.fields", "GET", "/id"),
        ["length that is none"] = new("POST /id HTTP/1.1\r\nHost: x\r\nContent-Length: a\r\n\r\n", 400, "framing.length", "POST", "/id"),
        ["two lengths"] = new("POST /id HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400, "framing.length", "POST", "/id"),
        ["no length in HTTP/1.0"] = new("POST /id HTTP/1.0\r\nHost: x\r\n\r\n", 400, "framing.length", "POST", "/id"),
        ["encoding that is not chunked"] = new("POST /id HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n", 400, "framing.encoding", "POST", "/id"),
        ["no host"] = new("GET /id HTTP/1.1\r\nA: b\r\n\r\n", 400, "host.missing", "GET", "/id"),
        ["two hosts"] = new("GET /id HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", 400, "host.several", "GET", "/id"),
        ["host that is none"] = new("GET /id?key=s3cret HTTP/1.1\r\nHost: x/y\r\n\r\n", 400, "host.invalid", "GET", "/id"),
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Request_ThatTheServerRefuses_IsAnsweredCountedAndSaidOnce(string name)
    {
        var refusal = Cases[name];
        await using var frontend = await RefusingFrontend.Start();

        var answer = await frontend.Send(refusal.Bytes + "GET /id HTTP/1.1" + Host);

        Assert.StartsWith($"HTTP/1.1 {refusal.Status} ", answer, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n", answer, StringComparison.Ordinal);
        Assert.Single(answer.Split("HTTP/1.1 ")[1..]);
        Assert.Contains("\r\nConnection: close\r\n", answer, StringComparison.Ordinal);
        Assert.Contains("\r\nContent-Length: 0\r\n", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("\r\nAllow:", answer, StringComparison.Ordinal);
        Assert.Equal(["http " + refusal.Reason], frontend.Counted);
        var line = await frontend.Line();
        Assert.Equal(("refused", refusal.Reason, refusal.Status, 0), (Text(line, "reason"), Text(line, "detail"), line.GetProperty("status").GetInt32(), line.GetProperty("tries").GetInt32()));
        Assert.Equal(("127.0.0.1", refusal.Method, refusal.Path), (Text(line, "client"), Text(line, "method"), Text(line, "path")));
        var said = $"{refusal.Method} {refusal.Path}".Trim();
        Assert.Equal($"A request of 127.0.0.1 at port {frontend.Host.Http1.Port} was refused, {refusal.Reason}: '{said}'.", Assert.Single(frontend.Logged).Message);
        Assert.Equal(0, frontend.Backend.Connections);
    }

    [Fact]
    public async Task Head_ThatTakesTooLong_IsAnsweredCountedAndSaidOnce()
    {
        await using var frontend = await RefusingFrontend.Start(static services => services.Configure<KestrelServerOptions>(static kestrel => kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(1)));
        Assert.StartsWith("HTTP/1.1 408 ", await frontend.Send("GET /id HTTP/1.1\r\nHost: x\r\n"), StringComparison.Ordinal);
        Assert.Equal(["http timeout.head"], frontend.Counted);
        var line = await frontend.Line();
        Assert.Equal(("refused", "timeout.head", 408), (Text(line, "reason"), Text(line, "detail"), line.GetProperty("status").GetInt32()));
        Assert.Equal(0, frontend.Backend.Connections);
    }

    /// <summary>What is asked by the preface of HTTP/2 is answered in its frames.</summary>
    [Fact]
    public async Task Preface_OfHttp2_IsCountedOnceAndAnsweredByGoAway()
    {
        await using var frontend = await RefusingFrontend.Start();
        Assert.DoesNotContain("HTTP/1.1", await frontend.Send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), StringComparison.Ordinal);
        Assert.Equal(["http framing.version"], frontend.Counted);
    }

    [Fact]
    public async Task Http2_MoreFieldsThanAreAllowed_IsCountedOnceAndOthersAreServed()
    {
        await using var frontend = await RefusingFrontend.Start();
        using var client = new HttpClient { BaseAddress = frontend.Host.Http2, DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using var request = new HttpRequestMessage(HttpMethod.Get, "/id") { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        for (var field = 0; field < 150; field++)
            request.Headers.Add($"A{field}", "b");

        using var answer = await client.SendAsync(request, Cancellation);

        Assert.Equal(HttpStatusCode.RequestHeaderFieldsTooLarge, answer.StatusCode);
        Assert.Equal(["http limit.fields"], frontend.Counted);
        var line = await frontend.Line();
        Assert.Equal(("refused", "limit.fields", "HTTP/2"), (Text(line, "reason"), Text(line, "detail"), Text(line, "protocol")));
        Assert.Equal(frontend.Backend.Id, await client.GetStringAsync("/id", Cancellation));
        Assert.Single(frontend.Counted);
    }

    /// <summary>An answer that is ours in the place of the server's goes out whole over TLS too.</summary>
    [Fact]
    public async Task Status_OfOurs_ArrivesOverTls()
    {
        await using var backend = await Backend.Start();
        await using var frontend = new TlsFrontend();
        frontend.Add("site", frontend.Authority.Server("example.com"));
        await frontend.Start(backend);
        await using var client = await frontend.Open("example.com");
        await client.WriteAsync("GET * HTTP/1.1\r\nHost: example.com\r\n\r\n"u8.ToArray(), Cancellation);
        using var reader = new StreamReader(client, Encoding.Latin1);
        Assert.Equal(["HTTP/1.1 400 Bad Request", "Content-Length: 0", "Connection: close"], (await reader.ReadToEndAsync(Cancellation)).Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Where(static line => !line.StartsWith("Date: ", StringComparison.Ordinal)));
    }

    /// <summary>What is wrong with a body shows while it is read for a backend.</summary>
    [Theory]
    [InlineData("Direct", "POST /length HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n100000005\r\nhello\r\n", 400, "framing.chunk")]
    [InlineData("Yarp", "POST /length HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n100000005\r\nhello\r\n", 400, "framing.chunk")]
    [InlineData("Direct", "POST /length HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nhello!\r\n", 413, "limit.body")]
    [InlineData("Yarp", "POST /length HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nhello!\r\n", 413, "limit.body")]
    [InlineData("Direct", "POST /length HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhell", 408, "timeout.body")]
    [InlineData("Direct", "PUT /length HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhell", 408, "timeout.body")]
    public async Task Body_ThatTheServerRefuses_IsAnsweredCountedAndSaidOnce(string forwarder, string request, int status, string reason)
    {
        await using var frontend = await RefusingFrontend.Start(
            static services => services.Configure<KestrelServerOptions>(static kestrel => kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(1_000, TimeSpan.FromSeconds(1.5))), maxBody: 5, forwarder);
        Assert.StartsWith($"HTTP/1.1 {status} ", await frontend.Send(request), StringComparison.Ordinal);
        var line = await frontend.Line();
        Assert.Equal(("bad_body", reason, status), (Text(line, "reason"), Text(line, "detail"), line.GetProperty("status").GetInt32()));
        Assert.Equal(["http " + reason], frontend.Counted);
        Assert.Single(frontend.Logged);
    }

    /// <summary>Whom we have refused is not refused once more because the server finds fault with what he sends then.</summary>
    [Theory]
    [InlineData("POST /id HTTP/1.1\r\nHost: x\r\nExpect: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 417, "framing.expect")]
    [InlineData("TRACE /id HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 405, "method")]
    [InlineData("POST /id HTTP/1.1\r\nHost: x\r\nContent-Length: 30000001\r\n\r\n", 413, "limit.body")]
    [InlineData("POST /length HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400, "framing.chunk")]
    public async Task Request_ThatWeRefuse_IsCountedOnce(string request, int status, string reason)
    {
        await using var frontend = await RefusingFrontend.Start();
        Assert.StartsWith($"HTTP/1.1 {status} ", await frontend.Send(request), StringComparison.Ordinal);
        await frontend.Line();
        Assert.Equal(["http " + reason], frontend.Counted);
        Assert.Contains(reason, Assert.Single(frontend.Logged).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Requests_InOrder_AreNoRefusals_AndNobodyIsAskedAboutThem()
    {
        await using var frontend = await RefusingFrontend.Start();
        using var client = new HttpClient { BaseAddress = frontend.Host.Http1 };
        for (var request = 0; request < 10; request++)
            Assert.Equal(frontend.Backend.Id, await client.GetStringAsync("/id", Cancellation));
        Assert.All(await frontend.Lines(10), static line => Assert.Contains("\"reason\":\"ok\"", line, StringComparison.Ordinal));
        Assert.Empty(frontend.Counted);
        Assert.Empty(frontend.Logged);
        // With one that listens the framework asks for each request, and for each step of it, whether that is to be told.
        Assert.False(frontend.Host.Services.GetRequiredService<DiagnosticListener>().IsEnabled());
    }

    /// <summary>An application that listens to the server by itself goes on to hear it.</summary>
    [Fact]
    public async Task Listener_OfTheHost_HearsOfTheRefusalToo()
    {
        await using var frontend = await RefusingFrontend.Start();
        var heard = new ConcurrentQueue<string>();
        using var subscription = frontend.Host.Services.GetRequiredService<DiagnosticListener>().Subscribe(new Listener(heard), static name => name == ServerRefusals.EventName);
        await frontend.Send("GET\r\n\r\n");
        Assert.Equal([ServerRefusals.EventName], heard);
        Assert.Equal(["http framing.line"], frontend.Counted);
    }

    [Fact]
    public async Task Refusal_OfOneFrontend_IsNoneOfAnother()
    {
        await using var one = await RefusingFrontend.Start();
        await using var another = await RefusingFrontend.Start();
        await one.Send("GET\r\n\r\n");
        Assert.Equal(["http framing.line"], one.Counted);
        Assert.Empty(another.Counted);
        Assert.Empty(another.Logged);
    }

    [Fact]
    public async Task Refusals_OfOneReason_FillNoLog()
    {
        await using var frontend = await RefusingFrontend.Start();
        for (var refusal = 0; refusal < 2 * LineBudget.Most; refusal++)
            await frontend.Send("GET\r\n\r\n");
        await frontend.Send("TRACE /id HTTP/1.1" + Host);
        Assert.Equal(LineBudget.Most + 1, frontend.Logged.Count);
        Assert.Equal((2 * LineBudget.Most) + 1, frontend.Counted.Length);
        await frontend.Lines((2 * LineBudget.Most) + 1);
        frontend.Host.Clock.Advance(TimeSpan.FromSeconds(1));
        await frontend.Send("GET\r\n\r\n");
        Assert.Equal(LineBudget.Most + 2, frontend.Logged.Count);
    }

    private static string Text(JsonElement line, string name) => line.TryGetProperty(name, out var value) ? value.GetString()! : "";

    /// <param name="Bytes">What is sent.</param>
    /// <param name="Status">What is answered.</param>
    /// <param name="Reason">How it is counted.</param>
    /// <param name="Method">What of the method was read.</param>
    /// <param name="Path">What of the target was read.</param>
    private sealed record Refusal(string Bytes, int Status, string Reason, string Method = "", string Path = "");

    private sealed class Listener(ConcurrentQueue<string> heard) : IObserver<KeyValuePair<string, object?>>
    {
        public void OnNext(KeyValuePair<string, object?> value) => heard.Enqueue(value.Key);

        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }
    }
}
