using System.Net;
using OrleansLb.Frontend.Tests.LoadBalancing;

namespace OrleansLb.Frontend.Tests.Forwarding;

/// <summary>Bodies and trailers, both ways and at the same time.</summary>
public sealed class ForwardedBodyTests
{
    private const string Empty = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1, false)]
    [InlineData(1, true)]
    [InlineData(20_000, false)]
    [InlineData(20_000, true)]
    [InlineData(3_000_000, false)]
    [InlineData(3_000_000, true)]
    public async Task Body_OfAnyLength_ComesBackUnchanged(int length, bool isChunked)
    {
        await using var backend = await Backend.Start();
        await using var frontend = await FrontendHost.Start(backend);
        using var client = new HttpClient { BaseAddress = frontend.Http1 };
        var bytes = Enumerable.Range(0, length).Select(static i => (byte)(i * 7)).ToArray();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/echo") { Content = new ByteArrayContent(bytes) };
        request.Headers.TransferEncodingChunked = isChunked;
        using var answer = await client.SendAsync(request, Cancellation);
        Assert.Equal(bytes, await answer.Content.ReadAsByteArrayAsync(Cancellation));
        Assert.Equal(1, backend.Connections);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\n\r\nuntil the end", "until the end")]
    [InlineData("HTTP/1.0 200 OK\r\n\r\nuntil the end", "until the end")]
    [InlineData("HTTP/1.0 200 OK\r\nContent-Length: 3\r\n\r\nold", "old")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n3;x=y\r\nold\r\n0\r\n\r\n", "old")]
    [InlineData("HTTP/1.1 200 OK\r\n\r\n", "")]
    public async Task Answer_OfAnyFraming_IsRead(string answer, string body)
    {
        await using var backend = new ScriptedBackend();
        await using var frontend = await FrontendHost.Start(new FrontendHostOptions(), backend.Alone);
        using var client = new HttpClient { BaseAddress = frontend.Http1 };
        var asked = client.GetStringAsync("/", Cancellation);
        var connection = await backend.Next();
        await connection.Answer(answer);
        connection.Close();
        Assert.Equal(body, await asked);
    }

    [Theory]
    [InlineData("HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", "200 5")]
    [InlineData("HEAD", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "200 ")]
    [InlineData("GET", "HTTP/1.1 204 No Content\r\n\r\n", "204 0")]
    [InlineData("GET", "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", "304 5")]
    public async Task Answer_WithoutABody_KeepsTheConnection(string method, string answer, string expected)
    {
        await using var backend = new ScriptedBackend();
        await using var frontend = await FrontendHost.Start(new FrontendHostOptions(), backend.Alone);
        using var client = new HttpClient { BaseAddress = frontend.Http1 };
        using var counters = new ForwardingCounters(frontend);
        var connection = default(ScriptedConnection);
        for (var i = 0; i < 2; i++)
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), "/");
            var asked = client.SendAsync(request, Cancellation);
            connection ??= await backend.Next();
            await connection.Answer(answer);
            using var got = await asked;
            Assert.Equal(expected, $"{(int)got.StatusCode} {got.Content.Headers.ContentLength}");
            await counters.Settle(1, 1);
        }

        Assert.Equal(1, backend.Connections);
    }

    [Fact]
    public async Task Answer_ArrivesByteForByte_IsPassedOnWhole()
    {
        await using var backend = new ScriptedBackend();
        await using var frontend = await FrontendHost.Start(new FrontendHostOptions(), backend.Alone);
        using var client = new HttpClient { BaseAddress = frontend.Http1 };
        var asked = client.GetAsync("/", Cancellation);
        var connection = await backend.Next();
        await connection.ReadHead();
        foreach (var letter in "HTTP/1.1 201 Created\r\nA: b\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n1;x\r\n!\r\n0\r\nX: y\r\n\r\n")
            await connection.Send(letter.ToString());
        using var answer = await asked;
        Assert.Equal((HttpStatusCode.Created, "b", "hello!"), (answer.StatusCode, answer.Headers.GetValues("A").Single(), await answer.Content.ReadAsStringAsync(Cancellation)));
    }

    // The client keeps its connection and sends nothing else that could push the rest along.
    [Theory]
    [InlineData(2)]
    [InlineData(20_000)]
    [InlineData(3_000_000)]
    public async Task Answer_OfALengthComesInPieces_ReachesItsEnd(int length)
    {
        await using var backend = new ScriptedBackend();
        await using var frontend = await FrontendHost.Start(new FrontendHostOptions(), backend.Alone);
        using var client = new HttpClient { BaseAddress = frontend.Http1 };
        var asked = client.GetAsync("/", HttpCompletionOption.ResponseHeadersRead, Cancellation);
        var connection = await backend.Next();
        await connection.Answer($"HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n{new string('x', length - 1)}");
        using var answer = await asked;
        await connection.Send("y");
        var body = await answer.Content.ReadAsStringAsync(Cancellation).WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        Assert.Equal((length, 'y'), (body.Length, body[^1]));
    }

    [Fact]
    public async Task Bodies_BothWays_FlowBeforeEitherEnds()
    {
        await using var backend = new ScriptedBackend();
        await using var frontend = await FrontendHost.Start(new FrontendHostOptions(), backend.Alone);
        using var client = await RawConnection.Open(frontend.Http1, Cancellation);
        await client.Send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n", Cancellation);
        var connection = await backend.Next();
        Assert.EndsWith("3\r\none\r\n", await connection.ReadTo("one\r\n"), StringComparison.Ordinal);
        await connection.Send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nONE\r\n");
        await client.ReadTo("ONE\r\n", Cancellation);
        await client.Send("3\r\ntwo\r\n", Cancellation);
        Assert.Equal("3\r\ntwo\r\n", await connection.ReadTo("two\r\n"));
        await connection.Send("3\r\nTWO\r\n");
        await client.ReadTo("TWO\r\n", Cancellation);
        await client.Send("0\r\n\r\n", Cancellation);
        Assert.Equal("0\r\n\r\n", await connection.ReadTo("0\r\n\r\n"));
        await connection.Send("0\r\n\r\n");
        await client.ReadTo("0\r\n\r\n", Cancellation);
        using var counters = new ForwardingCounters(frontend);
        await counters.Settle(1, 1);
    }

    [Fact]
    public async Task Trailers_OfARequest_ArePassedOnUnlessTheyMatterForItsHead()
    {
        await using var backend = new ScriptedBackend();
        await using var frontend = await FrontendHost.Start(new FrontendHostOptions(), backend.Alone);
        using var client = await RawConnection.Open(frontend.Http1, Cancellation);
        await client.Send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nX-Sum: 97\r\nHost: y\r\nAuthorization: z\r\n\r\n", Cancellation);
        var connection = await backend.Next();
        await connection.ReadTo("\r\n1\r\na\r\n");
        Assert.Equal("0\r\nX-Sum: 97\r\n\r\n", await connection.ReadTo("\r\n\r\n"));
        await connection.Send(Empty);
    }

    [Fact]
    public async Task Trailers_OfAnAnswer_ArePassedOnUnlessTheyMatterForItsHead()
    {
        await using var backend = new ScriptedBackend();
        await using var frontend = await FrontendHost.Start(new FrontendHostOptions(), backend.Alone);
        using var client = new HttpClient { BaseAddress = frontend.Http2, DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        var asked = client.GetAsync("/", Cancellation);
        await (await backend.Next()).Answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nX-Sum: 97\r\nSet-Cookie: a=b\r\n\r\n");
        using var answer = await asked;
        Assert.Equal("a", await answer.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal("X-Sum: 97", answer.TrailingHeaders.ToString().Trim(), ignoreCase: true);
    }

    [Fact]
    public async Task Expectation_Met_SendsTheBodyThen()
    {
        await using var backend = new ScriptedBackend();
        await using var frontend = await FrontendHost.Start(new FrontendHostOptions(), backend.Alone);
        using var client = await RawConnection.Open(frontend.Http1, Cancellation);
        await client.Send("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n", Cancellation);
        var connection = await backend.Next();
        Assert.Contains("\r\nExpect: 100-continue\r\n", await connection.ReadHead(), StringComparison.Ordinal);
        await connection.Send("HTTP/1.1 100 Continue\r\n\r\n");
        await client.ReadTo("HTTP/1.1 100 Continue\r\n\r\n", Cancellation);
        await client.Send("hello", Cancellation);
        Assert.Equal("hello", await connection.ReadTo("hello"));
        await connection.Send(Empty);
        Assert.StartsWith("HTTP/1.1 200 OK\r\n", await client.ReadTo("\r\n\r\n", Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Expectation_NotAnswered_SendsTheBodyAfterAWhile()
    {
        await using var backend = new ScriptedBackend();
        await using var frontend = await FrontendHost.Start(new FrontendHostOptions(), backend.Alone);
        using var client = await RawConnection.Open(frontend.Http1, Cancellation);
        await client.Send("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\nhello", Cancellation);
        var connection = await backend.Next();
        await connection.ReadHead();
        var body = connection.ReadTo("hello");
        await Eventually.Is(() =>
        {
            frontend.Clock.Advance(TimeSpan.FromSeconds(0.2));
            return body.IsCompleted;
        });
        await connection.Send(Empty);
    }

    [Fact]
    public async Task Expectation_Refused_SendsNoBodyAndTheConnectionEnds()
    {
        await using var backend = new ScriptedBackend();
        await using var frontend = await FrontendHost.Start(new FrontendHostOptions(), backend.Alone);
        using var client = await RawConnection.Open(frontend.Http1, Cancellation);
        await client.Send("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n", Cancellation);
        var connection = await backend.Next();
        await connection.Answer("HTTP/1.1 417 Expectation Failed\r\nContent-Length: 0\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 417 ", await client.ReadTo("\r\n\r\n", Cancellation), StringComparison.Ordinal);
        Assert.Equal(0, await connection.CountRest());
    }

    [Theory]
    [InlineData("Direct")]
    [InlineData("Yarp")]
    public async Task Expectation_AnsweredWithSuccessAtOnce_SendsTheBody(string forwarder)
    {
        await using var backend = new ScriptedBackend();
        await using var frontend = await FrontendHost.Start(new ErrorLog().Of(forwarder), backend.Alone);
        using var client = await RawConnection.Open(frontend.Http1, Cancellation);
        await client.Send("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n", Cancellation);
        var connection = await backend.Next();
        await connection.Answer("HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n");
        // YARP's client asks for the body before it passes on the answer.
        await client.ReadTo("HTTP/1.1 ", Cancellation);
        await client.Send("hello", Cancellation);
        Assert.Equal("hello", await connection.ReadTo("hello"));
        await client.ReadTo("201 Created\r\n", Cancellation);
    }

    // The server puts "continue" wherever the answer is by then, or fails, if the body is first read while the answer goes out.
    [Fact]
    public async Task Expectation_AnsweredWithSuccessAtOnce_IsMetBeforeTheAnswer_EachTime()
    {
        await using var backend = new ScriptedBackend();
        await using var frontend = await FrontendHost.Start(new ErrorLog().Of("Direct"), backend.Alone);
        for (var i = 0; i < 300; i++)
        {
            using var client = await RawConnection.Open(frontend.Http1, Cancellation);
            await client.Send("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5\r\nConnection: close\r\n\r\n", Cancellation);
            using var connection = await backend.Next();
            await connection.Answer("HTTP/1.1 201 Created\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
            Assert.Equal("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Created\r\n", await client.ReadTo("201 Created\r\n", Cancellation));
            await client.Send("hello", Cancellation);
            Assert.Equal("hello", await connection.ReadTo("hello"));
        }
    }

    [Fact]
    public async Task Answer_BeforeTheBodyEnds_ReachesTheClientAndTheRestTheBackend()
    {
        await using var backend = new ScriptedBackend();
        await using var frontend = await FrontendHost.Start(new FrontendHostOptions(), backend.Alone);
        using var counters = new ForwardingCounters(frontend);
        using var client = await RawConnection.Open(frontend.Http1, Cancellation);
        await client.Send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\n\r\none", Cancellation);
        var connection = await backend.Next();
        await connection.ReadTo("one");
        await connection.Send("HTTP/1.1 413 Content Too Large\r\nContent-Length: 5\r\n\r\nlarge");
        Assert.StartsWith("HTTP/1.1 413 ", await client.ReadTo("large", Cancellation), StringComparison.Ordinal);
        Assert.Equal((1, 0), counters.Connections);
        await client.Send("two", Cancellation);
        Assert.Equal("two", await connection.ReadTo("two"));
        await counters.Settle(1, 1);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n", "ab\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.1 204 No Content\r\n\r\n", "\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "\r\n\r\n")]
    public async Task Answer_BeforeTheBodyEnds_EndsForTheClientBeforeItSendsTheRest(string answer, string end)
    {
        await using var backend = new ScriptedBackend();
        await using var frontend = await FrontendHost.Start(new FrontendHostOptions(), backend.Alone);
        using var counters = new ForwardingCounters(frontend);
        using var client = await RawConnection.Open(frontend.Http1, Cancellation);
        await client.Send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n", Cancellation);
        var connection = await backend.Next();
        await connection.ReadTo("one\r\n");
        await connection.Send(answer);
        Assert.StartsWith("HTTP/1.1 20", await client.ReadTo(end, Cancellation), StringComparison.Ordinal);
        await client.Send("3\r\ntwo\r\n0\r\n\r\n", Cancellation);
        await connection.ReadTo("two\r\n0\r\n\r\n");
        await counters.Settle(1, 1);

        await client.Send("GET /next HTTP/1.1\r\nHost: x\r\n\r\n", Cancellation);
        Assert.StartsWith("GET /next ", await connection.Answer(Empty), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 200 ", await client.ReadTo("\r\n\r\n", Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answer_BeforeTheBodyEndsOverHttp2_ReachesTheClientAndTheRestTheBackend()
    {
        await using var backend = new ScriptedBackend();
        await using var frontend = await FrontendHost.Start(new FrontendHostOptions(), backend.Alone);
        using var counters = new ForwardingCounters(frontend);
        using var client = await RawConnection.Open(frontend.Http2, Cancellation);
        await client.Send(Http2Frames.Beginning + Http2Frames.Request("POST", isLast: false) + Http2Frames.Body("one"), Cancellation);
        var connection = await backend.Next();
        await connection.ReadTo("one\r\n");
        await connection.Send("HTTP/1.1 413 Content Too Large\r\nContent-Length: 5\r\n\r\nlarge");
        await client.ReadTo("large", Cancellation);
        await client.Send(Http2Frames.Body("two") + Http2Frames.Trailers(("x-sum", "1")), Cancellation);
        Assert.Equal("3\r\ntwo\r\n0\r\nx-sum: 1\r\n\r\n", await connection.ReadTo("x-sum: 1\r\n\r\n"));
        await counters.Settle(1, 1);
    }

    [Fact]
    public async Task Answer_BeforeTheBodyEndsAndTheBackendCloses_ReachesTheClient()
    {
        await using var backend = new ScriptedBackend();
        await using var frontend = await FrontendHost.Start(new FrontendHostOptions(), backend.Alone);
        using var counters = new ForwardingCounters(frontend);
        using var client = await RawConnection.Open(frontend.Http1, Cancellation);
        await client.Send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n", Cancellation);
        var connection = await backend.Next();
        await connection.ReadTo("one\r\n");
        await connection.Send("HTTP/1.1 413 Content Too Large\r\nContent-Length: 5\r\nConnection: close\r\n\r\nlarge");
        connection.Close();
        await client.Send("3\r\ntwo\r\n", Cancellation);
        await client.Send("5\r\nthree\r\n0\r\n\r\n", Cancellation);
        Assert.StartsWith("HTTP/1.1 413 ", await client.ReadTo("large", Cancellation), StringComparison.Ordinal);
        await counters.Settle(0, 0);

        // Whatever became of the body, the client's next request is read from where it begins.
        await client.Send("GET /next HTTP/1.1\r\nHost: x\r\n\r\n", Cancellation);
        Assert.StartsWith("GET /next ", await (await backend.Next()).Answer(Empty), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 200 ", await client.ReadTo("\r\n\r\n", Cancellation), StringComparison.Ordinal);
    }
}
