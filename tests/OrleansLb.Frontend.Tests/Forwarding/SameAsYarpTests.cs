using System.Globalization;
using Yarp.ReverseProxy.Configuration;

namespace OrleansLb.Frontend.Tests.Forwarding;

/// <summary>
/// The same requests and answers through the direct forwarder and through YARP's: what the backend sees and what the client gets is equal, field by field. Only the order of
/// fields and the identity of the span within the trace may differ.
/// </summary>
public sealed class SameAsYarpTests
{
    private const string Empty = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> Requests =>
    [
        "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: example.org:81\r\n\r\n",
        "GET /a/b.c;d=e,f@g:h!$&'()*+~_- HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /a%20b%2Fc%7Ed%41%C3%A9 HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /a/../b/./c/%2e%2e/d//e/ HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /a.b/.c/..d/e. HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /a|b^c`{d}\"<e> HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /a\\b HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /a%5Cb%00 HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /?a=b&c=d/e?f:g@h!$'()*+,;=~_-. HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /?a=%20%7E%41&b=c|d^[e]\"<f>` HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /? HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /a?b#c HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /a?x=/../b HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET http://y.example/z?q HTTP/1.1\r\nHost: y.example\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n",
        "get / HTTP/1.1\r\nHost: x\r\n\r\n",
        "PROPFIND / HTTP/1.1\r\nHost: x\r\n\r\n",
        "TRACE / HTTP/1.1\r\nHost: x\r\n\r\n",
        "HEAD / HTTP/1.1\r\nHost: x\r\n\r\n",
        "DELETE / HTTP/1.1\r\nHost: x\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: x\r\n\r\n",
        "PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n",
        "PATCH / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello",
        "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello",
        "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nLast-Modified: x\r\n\r\n",
        "DELETE / HTTP/1.1\r\nHost: x\r\nExpires: 0\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nConnection: close, X-A\r\nX-A: b\r\nKeep-Alive: 5\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nTE: trailers\r\nTrailer: a\r\nProxy-Authorization: p\r\nProxy-Connection: q\r\nUpgrade-Insecure-Requests: 1\r\nAlt-Svc: r\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 1.2.3.4\r\nX-Forwarded-Host: evil\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Prefix: /p\r\nForwarded: for=1\r\nX-Forwarded-Port: 9\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nAccept: a\r\nAccept: b\r\nX-B: c\r\nX-B: d\r\nVia: e\r\nVia: f\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nCookie: a=b\r\nCookie: c=d\r\nUser-Agent: e\r\nUser-Agent: f\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nX-Empty:\r\nX-Spaces:   a  b  \r\nX-Tab: a\tb\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nIf-Modified-Since: nonsense\r\nAuthorization: Basic a b c\r\nRange: bytes=0-5,a\r\nDate: now\r\nWarning: w\r\nPragma: no-cache\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\ntraceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\ntracestate: a=b\r\nbaggage: c=d\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nX-Content-Length: 7\r\nX!#$%&'*+-.^_`|~9: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nX-Latin: \xC3\xA9\r\n\r\n",
        "GET / HTTP/1.0\r\n\r\n",
        "GET / HTTP/1.0\r\nHost: x\r\nConnection: keep-alive\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 0\r\n\r\n",
    ];

    public static TheoryData<string> Answers =>
    [
        Empty,
        "HTTP/1.1 200 Fine\r\nContent-Length: 2\r\n\r\nab",
        "HTTP/1.1 200 \r\nContent-Length: 2\r\n\r\nab",
        "HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nab",
        "HTTP/1.1 299 \r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 599 Very Own\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\nContent-Type: text/plain\r\nServer: s\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n\r\nab",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nSet-Cookie: a=b; path=/\r\nSet-Cookie: c=d, e\r\nVary: a\r\nVary: b\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nConnection: X-A, keep-alive\r\nX-A: b\r\nKeep-Alive: timeout=5\r\nUpgrade: h2c\r\nProxy-Authenticate: p\r\nAlt-Svc: q\r\nTE: r\r\nTrailer: t\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX-Empty:\r\nX-Spaces:  a  b \r\nExpires: 0\r\nAge: x\r\nLocation: y z\r\nETag: unquoted\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nStrict-Transport-Security: max-age=1\r\nStrict-Transport-Security: max-age=2\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 204 No Content\r\nA: b\r\n\r\n",
        "HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 205 Reset Content\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\nETag: \"a\"\r\n\r\n",
        "HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab",
        "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX-Latin: \xE9\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nContent-Type: x/y\r\nContent-Encoding: br\r\nAllow: GET\r\nContent-Range: z\r\n\r\n",
        "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nab",
        "HTTP/1.1 abc\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\n: b\r\n\r\n",
    ];

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task Request_ThroughEither_LooksTheSameToTheBackend(string request) =>
        Assert.Equal(await Exchange("Yarp", request, Empty), await Exchange("Direct", request, Empty));

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task Answer_ThroughEither_LooksTheSameToTheClient(string answer)
    {
        const string Request = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
        Assert.Equal(await Exchange("Yarp", Request, answer), await Exchange("Direct", Request, answer));
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 7\r\nA: b\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")]
    [InlineData("HTTP/1.1 404 Not Found\r\n\r\n")]
    public async Task AnswerToHead_ThroughEither_LooksTheSameToTheClient(string answer)
    {
        const string Request = "HEAD / HTTP/1.1\r\nHost: x\r\n\r\n";
        Assert.Equal(await Exchange("Yarp", Request, answer), await Exchange("Direct", Request, answer));
    }

    [Theory]
    [InlineData("/base", null, false)]
    [InlineData("/base/", null, false)]
    [InlineData("/b%20c/./d/", null, false)]
    [InlineData("", "named.example:99", false)]
    [InlineData("", null, true)]
    [InlineData("", "named.example", true)]
    public async Task Destination_ThroughEither_IsCalledTheSame(string path, string? host, bool isOriginal)
    {
        var options = new FrontendHostOptions { BackendHost = host, Transforms = isOriginal ? [new() { ["RequestHeaderOriginalHost"] = "true" }] : null };
        const string Request = "GET /a/b?c HTTP/1.1\r\nHost: client.example\r\n\r\n";
        Assert.Equal(await Exchange("Yarp", Request, Empty, options, path), await Exchange("Direct", Request, Empty, options, path));
    }

    [Theory]
    [InlineData(Empty)]
    [InlineData("HTTP/1.1 503 Service Unavailable\r\nSet-Cookie: c=d\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 abc\r\n\r\n")]
    public async Task Session_ThroughEither_IsBoundTheSame(string answer)
    {
        var options = new FrontendHostOptions { Affinity = new SessionAffinityConfig { Enabled = true, Policy = "HashCookie", AffinityKeyName = ".Key" } };
        const string Request = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
        var seen = await Exchange("Direct", Request, answer, options);
        Assert.Contains("Set-Cookie: .Key=", seen, StringComparison.Ordinal);
        Assert.Equal(await Exchange("Yarp", Request, answer, options), seen);
    }

    /// <summary>What the backend got and what the client got, in an order of its own.</summary>
    private static async Task<string> Exchange(string forwarder, string request, string answer, FrontendHostOptions? options = null, string path = "")
    {
        await using var backend = new ScriptedBackend();
        options = (options ?? new FrontendHostOptions()) with { Settings = new Dictionary<string, string?> { ["OrleansLb:Frontend:Forwarder"] = forwarder } };
        await using var frontend = await FrontendHost.Start(options, new Dictionary<string, string> { ["a"] = backend.Address.TrimEnd('/') + path });
        using var client = await RawConnection.Open(frontend.Http1, Cancellation);
        await client.Send(request, Cancellation);
        var got = client.ReadTo("\r\n\r\n", Cancellation);
        var connecting = backend.Next();
        if (await Task.WhenAny(connecting, got) == got)
            return Ordered(await got);
        var connection = await connecting;
        // Whether a connection that asks nothing is seen before or after the client has its answer, is chance.
        if (await AnswerIfAsked(connection, answer) is not { } sent)
            return Ordered(await got);
        var port = new Uri(backend.Address).Port.ToString(CultureInfo.InvariantCulture);
        return $"{Ordered(sent).Replace(port, "PORT", StringComparison.Ordinal)}\n----\n{Ordered(await got)}";
    }

    private static async Task<string?> AnswerIfAsked(ScriptedConnection connection, string answer)
    {
        try
        {
            return await connection.Answer(answer);
        }
        catch (EndOfStreamException)
        {
            return null;
        }
    }

    private static string Ordered(string head)
    {
        var lines = head.TrimEnd().Split("\r\n");
        // The server writes the time where the backend does not.
        return string.Join('\n', lines[..1].Concat(lines[1..].Select(Neutral).Order(StringComparer.Ordinal)));
    }

    private static string Neutral(string line)
    {
        if (line.StartsWith("Date: ", StringComparison.Ordinal) && !line.Contains("1994", StringComparison.Ordinal))
            return "Date: now";
        // A trace that was there goes on; the span within it, and a new trace, are of their forwarder.
        return line.StartsWith("traceparent: ", StringComparison.Ordinal) ? (line.Contains("0af7651916cd43dd8448eb211c80319c", StringComparison.Ordinal) ? "traceparent: same" : "traceparent: new") : line;
    }
}
