using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Core.Concurrency;
using OrleansLb.Core.Health;
using OrleansLb.Core.Snapshots;
using OrleansLb.Frontend.Concurrency;
using OrleansLb.Frontend.Http.AccessLog;
using OrleansLb.Frontend.Http.Tracing;
using OrleansLb.Frontend.Pools;
using OrleansLb.Frontend.Tests.AccessLog;
using OrleansLb.Frontend.Tests.Concurrency;
using OrleansLb.Frontend.Tests.Forwarding;
using OrleansLb.Frontend.Tests.LoadBalancing;
using ScriptedAnswers = OrleansLb.Frontend.Tests.Retries.ScriptedBackend;

namespace OrleansLb.Frontend.Tests.Tracing;

/// <summary>What spans are made of a request, and what backends are told of them. Whoever listens does so for the whole process, so that these run alone.</summary>
[Collection(nameof(TracingTests))]
public sealed class SpanTests : IDisposable
{
    private const string Trace = "0af7651916cd43dd8448eb211c80319c";
    private const string Parent = "b7ad6b7169203331";

    // Without a trace of its own.
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseCookies = false, ActivityHeadersPropagator = null });

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _client.Dispose();

    [Theory]
    [InlineData("Direct")]
    [InlineData("Yarp")]
    public async Task Request_OfATrace_IsASpanOfItWithTheAttemptWithin_OfWhichTheBackendIsTold(string forwarder)
    {
        using var recorder = new SpanRecorder();
        await using var backend = await Backend.Start();
        await using var frontend = await FrontendHost.Start(By(forwarder), backend);
        var told = await Get(frontend, "/fields/traceparent", ("traceparent", $"00-{Trace}-{Parent}-01"), ("tracestate", "a=b"), ("User-Agent", "tester/1.0"));

        var (attempt, request) = await AttemptAndRequest(recorder);
        Assert.Equal($"00-{Trace}-{attempt.SpanId}-01", told);
        Assert.Equal((Trace, Parent, "a=b", true), (request.TraceId.ToHexString(), request.ParentSpanId.ToHexString(), request.TraceStateString, request.HasRemoteParent));
        Assert.Equal((request.SpanId, request.TraceId), (attempt.ParentSpanId, attempt.TraceId));
        Assert.Equal((ActivityKind.Server, "GET /{**rest}", ActivityStatusCode.Unset), (request.Kind, request.DisplayName, request.Status));
        Assert.Equal((ActivityKind.Client, "GET", ActivityStatusCode.Unset), (attempt.Kind, attempt.DisplayName, attempt.Status));
        Assert.Equal(
            [
                "client.address=127.0.0.1", "http.request.method=GET", "http.response.status_code=200", "http.route=/{**rest}", "network.protocol.version=1.1", "orleanslb.pool=app", "orleanslb.route=app",
                "server.address=127.0.0.1", $"server.port={frontend.Http1.Port}", "url.path=/fields/traceparent", "url.scheme=http", "user_agent.original=tester/1.0",
            ],
            Tags(request));
        Assert.Equal(
            [
                "http.request.method=GET", "http.response.status_code=200", "orleanslb.backend=a", "orleanslb.pool=app", "orleanslb.try=1", "server.address=127.0.0.1",
                $"server.port={new Uri(backend.Address).Port}", "url.scheme=http",
            ],
            Tags(attempt));
    }

    [Theory]
    [InlineData("Direct")]
    [InlineData("Yarp")]
    public async Task State_AndBaggage_ReachTheBackendAsTheyCame(string forwarder)
    {
        using var recorder = new SpanRecorder();
        await using var backend = new ScriptedBackend();
        await using var frontend = await FrontendHost.Start(By(forwarder), backend.Alone);
        const string Baggage = "user=42;secret, tier=%C3%A4";
        var head = await HeadAtTheBackend(frontend, backend, $"traceparent: 00-{Trace}-{Parent}-01\r\ntracestate: a=b\r\ntracestate: c=d\r\nbaggage: {Baggage}\r\n");

        var (attempt, _) = await AttemptAndRequest(recorder);
        Assert.Equal([$"baggage: {Baggage}", $"traceparent: 00-{Trace}-{attempt.SpanId}-01", "tracestate: a=b,c=d"], FieldsOfTrace(head).Select(static line => line.Replace(", c", ",c", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("traceparent: x\r\n")]
    [InlineData("traceparent: 00-00000000000000000000000000000000-b7ad6b7169203331-01\r\n")]
    [InlineData("traceparent: 00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01\r\n")]
    [InlineData("traceparent: 00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01\r\n")]
    [InlineData("traceparent: ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n")]
    [InlineData("traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-x\r\n")]
    [InlineData("traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331\r\n")]
    [InlineData("traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\ntraceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n")]
    public async Task Trace_ThatIsNone_BeginsANewOneAndIsNoMistakeOfTheRequest(string fields)
    {
        foreach (var forwarder in new[] { "Direct", "Yarp" })
        {
            using var recorder = new SpanRecorder();
            await using var backend = new ScriptedBackend();
            await using var frontend = await FrontendHost.Start(By(forwarder), backend.Alone);
            var head = await HeadAtTheBackend(frontend, backend, $"{fields}tracestate: a=b\r\n");

            var (attempt, request) = await AttemptAndRequest(recorder);
            Assert.Equal((default, false), (request.ParentSpanId, request.HasRemoteParent));
            Assert.NotEqual(Trace, request.TraceId.ToHexString());
            Assert.Equal([$"traceparent: 00-{request.TraceId}-{attempt.SpanId}-01"], FieldsOfTrace(head));
        }
    }

    [Theory]
    [InlineData("Direct")]
    [InlineData("Yarp")]
    public async Task Trace_WhileNobodyListens_ReachesTheBackendAsItCame(string forwarder)
    {
        Assert.False(FrontendSpans.AreWanted);
        await using var backend = new ScriptedBackend();
        await using var frontend = await FrontendHost.Start(By(forwarder), backend.Alone);
        var head = await HeadAtTheBackend(frontend, backend, $"traceparent: 00-{Trace}-{Parent}-01\r\ntracestate: a=b\r\nbaggage: c=d;e\r\n");
        Assert.Equal(["baggage: c=d;e", $"traceparent: 00-{Trace}-{Parent}-01", "tracestate: a=b"], FieldsOfTrace(head));
    }

    [Theory]
    [InlineData("Direct")]
    [InlineData("Yarp")]
    public async Task Attempt_ThatReachesNobody_IsASpanWithItsReason_AndTheNextOneIsAnother(string forwarder)
    {
        using var recorder = new SpanRecorder();
        await using var backend = await Backend.Start("b");
        await using var frontend = await FrontendHost.Start(By(forwarder) with { Policy = "FirstAlphabetical" }, new Dictionary<string, string> { ["a"] = Refusing(), ["b"] = backend.Address });
        var told = await Get(frontend, "/fields/traceparent");

        var spans = await recorder.Ended(3);
        Assert.Equal((ActivityStatusCode.Error, "connect_failed", "a", "1", null), Try(spans[0]));
        Assert.Equal((ActivityStatusCode.Unset, null, "b", "2", "1"), Try(spans[1]));
        Assert.Equal((ActivityStatusCode.Unset, null), (spans[2].Status, Tag(spans[2], "error.type")));
        Assert.All(spans[..2], attempt => Assert.Equal(spans[2].SpanId, attempt.ParentSpanId));
        Assert.Contains(spans[1].SpanId.ToHexString(), told, StringComparison.Ordinal);
        Assert.Null(Tag(spans[0], "http.response.status_code"));
    }

    [Theory]
    [InlineData("Direct")]
    [InlineData("Yarp")]
    public async Task Answer_ThatIsTriedAgain_IsInTheSpanOfItsAttempt(string forwarder)
    {
        using var recorder = new SpanRecorder();
        await using var bad = await ScriptedAnswers.Start("a", 503);
        await using var good = await ScriptedAnswers.Start("b");
        var options = By(forwarder) with { Policy = "FirstAlphabetical", Retry = RetryDefinition.Default with { MaxAttempts = 2, OnStatuses = HttpStatusSet.TryParse("503", out var statuses) ? statuses : null } };
        await using var frontend = await FrontendHost.Start(options, new Dictionary<string, string> { ["a"] = bad.Address, ["b"] = good.Address });
        frontend.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("b", await Get(frontend, "/"));

        var spans = await recorder.Ended(3);
        Assert.Equal((ActivityStatusCode.Error, "503", "a", "1", null), Try(spans[0]));
        Assert.Equal("503", Tag(spans[0], "http.response.status_code"));
        Assert.Equal((ActivityStatusCode.Unset, null, "b", "2", "1"), Try(spans[1]));
        Assert.Equal((ActivityStatusCode.Unset, "200"), (spans[2].Status, Tag(spans[2], "http.response.status_code")));
    }

    [Theory]
    [InlineData("Direct")]
    [InlineData("Yarp")]
    public async Task Attempts_OfAHedgedRequest_AreTwoOfWhichOneLostWhichIsNoError(string forwarder)
    {
        using var recorder = new SpanRecorder();
        await using var slow = await ScriptedAnswers.Start("a");
        await using var good = await ScriptedAnswers.Start("b");
        slow.IsSilent = true;
        var options = By(forwarder) with { Policy = "FirstAlphabetical", Hedge = TimeSpan.FromSeconds(1) };
        await using var frontend = await FrontendHost.Start(options, new Dictionary<string, string> { ["a"] = slow.Address, ["b"] = good.Address });
        var asked = Get(frontend, "/");
        await Eventually.Is(() => !slow.Bodies.IsEmpty);
        frontend.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("b", await asked);

        var spans = await recorder.Ended(3);
        var request = spans.Single(static span => span.Kind == ActivityKind.Server);
        var attempts = spans.Where(static span => span.Kind == ActivityKind.Client).ToDictionary(static span => Tag(span, "orleanslb.backend")!);
        Assert.Equal((ActivityStatusCode.Unset, null, "a", "1", null), Try(attempts["a"]));
        Assert.Equal((ActivityStatusCode.Unset, null, "b", "2", "1"), Try(attempts["b"]));
        Assert.Equal(("lost", "won", null), (Tag(attempts["a"], "orleanslb.hedge"), Tag(attempts["b"], "orleanslb.hedge"), Tag(request, "error.type")));
        Assert.All(attempts.Values, attempt => Assert.Equal(request.SpanId, attempt.ParentSpanId));
        Assert.True(attempts["b"].StartTimeUtc < attempts["a"].StartTimeUtc + attempts["a"].Duration);
    }

    [Theory]
    [InlineData("Direct")]
    [InlineData("Yarp")]
    public async Task Backend_ThatEndsTheConnection_IsAnErrorOfBoth(string forwarder)
    {
        using var recorder = new SpanRecorder();
        await using var backend = await ScriptedAnswers.Start("a", status: 0);
        await using var frontend = await FrontendHost.Start(By(forwarder), new Dictionary<string, string> { ["a"] = backend.Address });
        using var answer = await _client.PostAsync(frontend.Http1, new StringContent("x"), Cancellation);

        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        var (attempt, request) = await AttemptAndRequest(recorder);
        Assert.Equal((ActivityStatusCode.Error, "backend_reset", null), (attempt.Status, Tag(attempt, "error.type"), Tag(attempt, "http.response.status_code")));
        Assert.Equal((ActivityStatusCode.Error, "backend_reset", "502"), (request.Status, Tag(request, "error.type"), Tag(request, "http.response.status_code")));
    }

    [Fact]
    public async Task Wait_InTheQueueOfAFullPool_IsASpanBeforeThatOfTheAttempt()
    {
        using var recorder = new SpanRecorder();
        await using var backend = await HoldingBackend.Start();
        var options = new FrontendHostOptions { Concurrency = new ConcurrencyDefinition { MaxRequestsPerBackend = 1, QueueLimit = 1 } };
        await using var frontend = await FrontendHost.Start(options, new Dictionary<string, string> { ["a"] = backend.Address });
        var pool = frontend.Services.GetRequiredService<PoolTable>().Current[FrontendHost.PoolId];
        frontend.Clock.Advance(SlotLease.FirstAnswerTime);
        await Eventually.Is(() => pool.Slots.All(static slot => slot.Gate.Allowed > 0));
        var first = Get(frontend, "/1");
        await Eventually.Is(() => backend.Inside == 1);
        var second = Get(frontend, "/2");
        await Eventually.Is(() => pool.Admission.Waiting == 1);
        using (var third = await _client.GetAsync(new Uri(frontend.Http1, "/3"), Cancellation))
            Assert.Equal(HttpStatusCode.ServiceUnavailable, third.StatusCode);
        backend.Release();
        await first;
        await Eventually.Is(() => backend.Inside == 1);
        backend.Release();
        await second;

        var spans = await recorder.Ended(7);
        var requests = spans.Where(static span => span.Kind == ActivityKind.Server).ToDictionary(static span => Tag(span, "url.path")!);
        var waits = spans.Where(static span => span.Kind == ActivityKind.Internal).ToDictionary(static span => Tag(span, "orleanslb.queue.outcome")!);
        Assert.Equal(["entered", "queue_full"], waits.Keys.Order());
        Assert.Equal((requests["/2"].SpanId, "queue app", ActivityStatusCode.Unset), (waits["entered"].ParentSpanId, waits["entered"].DisplayName, waits["entered"].Status));
        Assert.Equal((requests["/3"].SpanId, ActivityStatusCode.Error, "queue_full"), (waits["queue_full"].ParentSpanId, waits["queue_full"].Status, Tag(waits["queue_full"], "error.type")));
        Assert.Equal((ActivityStatusCode.Error, "queue_full", "503"), (requests["/3"].Status, Tag(requests["/3"], "error.type"), Tag(requests["/3"], "http.response.status_code")));
        // The wait is over when the attempt begins, which is a part of the request and not of the wait.
        var attempt = Assert.Single(spans, span => span.Kind == ActivityKind.Client && span.ParentSpanId == requests["/2"].SpanId);
        Assert.True(attempt.StartTimeUtc >= waits["entered"].StartTimeUtc + waits["entered"].Duration);
    }

    [Fact]
    public async Task Span_OfARequestWithSecrets_HasNoneOfThem()
    {
        using var recorder = new SpanRecorder();
        await using var backend = await Backend.Start();
        await using var frontend = await FrontendHost.Start(backend);
        using var client = await RawConnection.Open(frontend.Http1, Cancellation);
        await client.Send(
            "GET /id?key=s3cret HTTP/1.1\r\nHost: x\r\nCookie: s3cret=s3cret\r\nAuthorization: Bearer s3cret\r\nReferer: http://x/?s3cret\r\nbaggage: a=s3cret\r\nConnection: close\r\n\r\n", Cancellation);
        Assert.Contains("200 OK", await client.ReadToEnd(Cancellation), StringComparison.Ordinal);

        var (attempt, request) = await AttemptAndRequest(recorder);
        Assert.DoesNotContain(Tags(request).Concat(Tags(attempt)).Append(request.DisplayName), static tag => tag.Contains("s3cret", StringComparison.Ordinal));
        Assert.Equal("/id", Tag(request, "url.path"));
    }

    [Fact]
    public async Task Request_ThatCanBeReadInTwoWays_IsASpanAndALineWithTheReasonOfItsRefusal()
    {
        using var recorder = new SpanRecorder();
        using var log = new AccessLogFile();
        await using var backend = await Backend.Start();
        await using var frontend = await FrontendHost.Start(new FrontendHostOptions { Settings = log.Settings }, backend);
        using var client = await RawConnection.Open(frontend.Http1, Cancellation);
        await client.Send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", Cancellation);
        Assert.StartsWith("HTTP/1.1 400 ", await client.ReadToEnd(Cancellation), StringComparison.Ordinal);

        var request = Assert.Single(await recorder.Ended(1));
        Assert.Equal((ActivityStatusCode.Unset, "refused", "400"), (request.Status, Tag(request, "error.type"), Tag(request, "http.response.status_code")));
        Assert.Contains("\"reason\":\"refused\"", Assert.Single(await log.Lines(frontend.Services, 1)), StringComparison.Ordinal);
        Assert.Equal(0, backend.Requests);
    }

    [Fact]
    public async Task Middleware_WhileNobodyListens_HandsOnTheRequestAsItIsAndAllocatesNothing()
    {
        await using var backend = await Backend.Start();
        await using var frontend = await FrontendHost.Start(backend);
        // One of its own, which no method makes again.
        Task answer = Task.FromResult(new object());
        var context = new DefaultHttpContext();
        var middleware = new RequestSpanMiddleware(_ => answer, frontend.Services.GetRequiredService<RequestNotes>());
        Assert.Same(answer, middleware.Invoke(context));
        Assert.Null(QueueSpan.Begin(FrontendHost.PoolId));

        // Compiled by then.
        Call(10_000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Call(1_000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Call(int times)
        {
            for (var i = 0; i < times; i++)
            {
                _ = middleware.Invoke(context);
                QueueSpan.End(QueueSpan.Begin(FrontendHost.PoolId), AdmissionOutcome.Entered);
            }
        }
    }

    [Fact]
    public async Task Method_ThatNobodyKnows_MakesNoNameOfASpan()
    {
        using var recorder = new SpanRecorder();
        await using var backend = await Backend.Start();
        await using var frontend = await FrontendHost.Start(backend);
        using var request = new HttpRequestMessage(new HttpMethod("BREW"), new Uri(frontend.Http1, "/id"));
        using var answer = await _client.SendAsync(request, Cancellation);

        var (attempt, span) = await AttemptAndRequest(recorder);
        Assert.Equal(("HTTP", "HTTP /{**rest}"), (attempt.DisplayName, span.DisplayName));
        Assert.All(new[] { attempt, span }, static one => Assert.Equal(("_OTHER", "BREW"), (Tag(one, "http.request.method"), Tag(one, "http.request.method_original"))));
        // 405 of the backend is an error of whoever asked it, and none of ours.
        Assert.Equal((ActivityStatusCode.Error, "405", ActivityStatusCode.Unset, null), (attempt.Status, Tag(attempt, "error.type"), span.Status, Tag(span, "error.type")));
    }

    [Theory]
    [InlineData("Direct")]
    [InlineData("Yarp")]
    public async Task Request_OfWhichTheServerMakesASpan_IsNotToldTwice(string forwarder)
    {
        using var servers = new SpanRecorder("Microsoft.AspNetCore");
        using var recorder = new SpanRecorder();
        await using var backend = new ScriptedBackend();
        await using var frontend = await FrontendHost.Start(By(forwarder), backend.Alone);
        var head = await HeadAtTheBackend(frontend, backend, "");

        var attempt = Assert.Single(await recorder.Ended(1));
        var request = Assert.Single(await servers.Ended(1));
        Assert.Equal(request.SpanId, attempt.ParentSpanId);
        Assert.Equal([$"traceparent: 00-{request.TraceId}-{attempt.SpanId}-01"], FieldsOfTrace(head));
    }

    [Fact]
    public async Task AccessLog_OfARequestWithASpan_SaysItsTraceAndAllElseAsWithout()
    {
        using var recorder = new SpanRecorder();
        using var log = new AccessLogFile();
        await using var backend = await Backend.Start();
        await using var frontend = await FrontendHost.Start(new FrontendHostOptions { Settings = log.Settings }, backend);
        for (var i = 0; i < 3; i++)
            await Get(frontend, "/id");

        var requests = (await recorder.Ended(6)).Where(static span => span.Kind == ActivityKind.Server);
        var lines = await log.Lines(frontend.Services, 3);
        Assert.Equal(requests.Select(static span => $"\"trace\":\"{span.TraceId}\"").Order(), lines.Select(static line => line[line.IndexOf("\"trace\"", StringComparison.Ordinal)..].TrimEnd('}')).Order());
        Assert.All(lines, static line => Assert.Contains("\"reason\":\"ok\",\"route\":\"app\",\"pool\":\"app\",\"backend\":\"a\",\"tries\":1,", line, StringComparison.Ordinal));
    }

    private static FrontendHostOptions By(string forwarder) => new() { Settings = new() { ["OrleansLb:Frontend:Forwarder"] = forwarder } };

    private async Task<string> Get(FrontendHost frontend, string path, params (string Name, string Value)[] fields)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(frontend.Http1, path));
        foreach (var (name, value) in fields)
            request.Headers.TryAddWithoutValidation(name, value);
        using var answer = await _client.SendAsync(request, Cancellation);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync(Cancellation);
    }

    /// <summary>The head of a request as the backend sees it, after the client has its answer.</summary>
    private static async Task<string> HeadAtTheBackend(FrontendHost frontend, ScriptedBackend backend, string fields)
    {
        using var client = await RawConnection.Open(frontend.Http1, Cancellation);
        await client.Send($"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{fields}\r\n", Cancellation);
        var head = await (await backend.Next()).Answer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200 OK", await client.ReadToEnd(Cancellation), StringComparison.Ordinal);
        return head;
    }

    private static IEnumerable<string> FieldsOfTrace(string head) =>
        head.Split("\r\n").Where(static line => line.StartsWith("trace", StringComparison.OrdinalIgnoreCase) || line.StartsWith("baggage", StringComparison.OrdinalIgnoreCase)).Order(StringComparer.Ordinal);

    private static async Task<(Activity Attempt, Activity Request)> AttemptAndRequest(SpanRecorder recorder) => await recorder.Ended(2) is [var attempt, var request] ? (attempt, request) : default;

    private static (ActivityStatusCode Status, string? Error, string? Backend, string? Number, string? Resent) Try(Activity attempt) =>
        (attempt.Status, Tag(attempt, "error.type"), Tag(attempt, "orleanslb.backend"), Tag(attempt, "orleanslb.try"), Tag(attempt, "http.request.resend_count"));

    private static string? Tag(Activity span, string name) => Convert.ToString(span.GetTagItem(name), CultureInfo.InvariantCulture) is { Length: > 0 } value ? value : null;

    private static IEnumerable<string> Tags(Activity span) => span.TagObjects.Select(static tag => string.Create(CultureInfo.InvariantCulture, $"{tag.Key}={tag.Value}")).Order(StringComparer.Ordinal);

    private static string Refusing()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return $"http://{listener.LocalEndpoint}/";
    }
}
