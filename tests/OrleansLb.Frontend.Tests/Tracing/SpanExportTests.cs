using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Options;
using OrleansLb.Frontend.Tests.Forwarding;
using OrleansLb.Frontend.Tests.LoadBalancing;
using OrleansLb.Hosting.Telemetry;

namespace OrleansLb.Frontend.Tests.Tracing;

/// <summary>Spans on their way from a front-end with the telemetry of a process to a collector, and what happens to requests when that is not there.</summary>
[Collection(nameof(TracingTests))]
public sealed class SpanExportTests : IDisposable
{
    private const string Trace = "0af7651916cd43dd8448eb211c80319c";
    private const string Parent = "b7ad6b7169203331";

    private readonly HttpClient _client = new(new SocketsHttpHandler { ActivityHeadersPropagator = null });

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _client.Dispose();

    [Theory]
    [InlineData("http/protobuf", "none")]
    [InlineData("http/protobuf", "gzip")]
    [InlineData("grpc", "none")]
    [InlineData("grpc", "gzip")]
    public async Task Request_OfAFrontendWithTracing_ArrivesAtTheCollector(string protocol, string compression)
    {
        await using var collector = await Collector.Start(isGrpc: protocol == "grpc");
        await using var backend = await Backend.Start();
        await using var frontend = await Start(collector.Address, backend, ("OTEL_EXPORTER_OTLP_HEADERS", "x-key=a%20b, other=1"), ("OTEL_EXPORTER_OTLP_PROTOCOL", protocol), ("OTEL_EXPORTER_OTLP_COMPRESSION", compression));
        var before = TimeProvider.System.GetUtcNow();
        var told = await Get(frontend, "/fields/traceparent", $"00-{Trace}-{Parent}-01");

        var spans = await collector.Spans(2);
        var attempt = Assert.Single(spans, static span => span.Kind == CollectedSpan.Types.SpanKind.Client);
        var request = Assert.Single(spans, static span => span.Kind == CollectedSpan.Types.SpanKind.Server);
        Assert.Equal((Trace, Parent, "GET /{**rest}", "a=b"), (Hex(request.TraceId), Hex(request.ParentSpanId), request.Name, request.TraceState));
        Assert.Equal((Trace, request.SpanId, "GET"), (Hex(attempt.TraceId), attempt.ParentSpanId, attempt.Name));
        Assert.Equal($"00-{Trace}-{Hex(attempt.SpanId)}-01", told);
        Assert.Equal((0x301U, 0x101U), (request.Flags, attempt.Flags));
        Assert.InRange(request.StartTimeUnixNano, Nanoseconds(before) - 1_000_000_000, Nanoseconds(TimeProvider.System.GetUtcNow()));
        Assert.InRange(attempt.EndTimeUnixNano, attempt.StartTimeUnixNano + 1, request.EndTimeUnixNano);
        Assert.Contains("orleanslb.backend=a", attempt.Attributes.Select(Text));
        Assert.Contains("orleanslb.try=1", attempt.Attributes.Select(Text));
        Assert.Contains("http.response.status_code=200", request.Attributes.Select(Text));
        Assert.Contains("service.name=tested", collector.Sender.Attributes.Select(Text));
        Assert.Equal(("a b", "1"), (collector.Heads[0]["x-key"].ToString(), collector.Heads[0]["other"].ToString()));
    }

    [Fact]
    public async Task Failure_OfAnAttempt_ArrivesAsOne()
    {
        await using var collector = await Collector.Start();
        await using var frontend = await Start(collector.Address, Closed());
        using var answer = await _client.GetAsync(frontend.Http1, Cancellation);

        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        Assert.All(await collector.Spans(2), static span =>
        {
            Assert.Equal(SpanStatus.Types.StatusCode.Error, span.Status.Code);
            Assert.Contains("error.type=connect_failed", span.Attributes.Select(Text));
        });
    }

    [Fact]
    public async Task Sampling_FollowsTheParent_AndElseTheShare()
    {
        await using var collector = await Collector.Start();
        await using var backend = await Backend.Start();
        await using var frontend = await Start(collector.Address, backend, ("OrleansLb:Tracing:SamplePercent", "0"));
        // Nobody samples it: the backend is told so, by a trace all the same.
        Assert.Matches("^00-[0-9a-f]{32}-[0-9a-f]{16}-00$", await Get(frontend, "/fields/traceparent", null));
        var told = await Get(frontend, "/fields/traceparent", $"00-{Trace}-{Parent}-00");
        Assert.Matches($"^00-{Trace}-[0-9a-f]{{16}}-00$", told);
        Assert.DoesNotContain(Parent, told, StringComparison.Ordinal);
        Assert.EndsWith("-01", await Get(frontend, "/fields/traceparent", $"00-{Trace}-{Parent}-01"), StringComparison.Ordinal);
        Assert.All(await collector.Spans(2), static span => Assert.Equal(Trace, Hex(span.TraceId)));
    }

    [Fact]
    public async Task Tracing_ThatIsOff_MakesNoSpan()
    {
        await using var collector = await Collector.Start();
        await using var backend = await Backend.Start();
        await using var frontend = await Start(collector.Address, backend, ("OrleansLb:Tracing:Enabled", "false"), ("Logging:LogLevel:Microsoft.AspNetCore.Hosting.Diagnostics", "None"));
        Assert.Equal($"00-{Trace}-{Parent}-01", await Get(frontend, "/fields/traceparent", $"00-{Trace}-{Parent}-01"));
        Assert.False(Http.Tracing.FrontendSpans.AreWanted);
    }

    [Fact]
    public async Task Collector_ThatIsNotThere_HarmsNobodyUnderLoad_AndIsSpokenOfOnce()
    {
        await using var backend = await Backend.Start();
        await using var frontend = await Start(Closed(), backend);
        using var spans = Spans(frontend);
        await Load(frontend, () => Count(spans, "lost") > 100);

        var warning = Assert.Single(Logs(frontend));
        Assert.Equal((3220, LogLevel.Warning), (warning.Id.Id, warning.Level));
        Assert.Equal(0, Count(spans, "sent"));
    }

    [Fact]
    public async Task Collector_ThatNeverAnswers_HarmsNobodyUnderLoad_NorTheStop()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await using var backend = await Backend.Start();
        await using var frontend = await Start($"http://{silent.LocalEndpoint}", backend, ("OTEL_EXPORTER_OTLP_TIMEOUT", "100"), ("OTEL_BSP_MAX_QUEUE_SIZE", "16"), ("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "16"));
        using var spans = Spans(frontend);
        await Load(frontend, () => Count(spans, "lost") > 50);
        await frontend.Stop();
    }

    [Fact]
    public async Task Collector_ThatIsBack_TakesSpansAgainAndItIsSaid()
    {
        await using var collector = await Collector.Start();
        await using var backend = await Backend.Start();
        await using var frontend = await Start(collector.Address, backend);
        using var spans = Spans(frontend);
        // A status that is not worth a second attempt.
        collector.Status = 400;
        await Get(frontend, "/id", null);
        await Eventually.Is(() => Count(spans, "lost") == 2);
        collector.Status = 200;
        await Get(frontend, "/id", null);
        await Eventually.Is(() => Count(spans, "sent") == 2);
        await Eventually.Is(() => Logs(frontend).Length == 2);
        Assert.Equal([3220, 3221], Logs(frontend).Select(static record => record.Id.Id));
    }

    [Theory]
    [InlineData("OrleansLb:Tracing:SamplePercent", "101", "SamplePercent")]
    [InlineData("OTEL_EXPORTER_OTLP_PROTOCOL", "http/json", "OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' is neither http/protobuf nor grpc")]
    [InlineData("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "localhost:4317", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'localhost:4317' is no address")]
    [InlineData("OTEL_EXPORTER_OTLP_HEADERS", "s3cret", "OTEL_EXPORTER_OTLP_HEADERS: a part of it is no field")]
    [InlineData("OTEL_EXPORTER_OTLP_TIMEOUT", "0", "OTEL_EXPORTER_OTLP_TIMEOUT: '0' is no number of milliseconds")]
    [InlineData("OTEL_EXPORTER_OTLP_COMPRESSION", "zstd", "OTEL_EXPORTER_OTLP_COMPRESSION: 'zstd' is neither gzip nor none")]
    public async Task Setting_ThatIsWrong_EndsTheStartWithItsKey(string key, string value, string message)
    {
        await using var backend = await Backend.Start();
        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => Start("http://localhost:1", backend, (key, value)));
        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", refused.Message, StringComparison.Ordinal);
    }

    private static Task<FrontendHost> Start(string collector, Backend backend, params (string Key, string Value)[] further) => Start(collector, backend.Address, further);

    private static Task<FrontendHost> Start(string collector, string backend, params (string Key, string Value)[] further)
    {
        var settings = new Dictionary<string, string?>
        {
            ["OrleansLb:Tracing:Enabled"] = "true",
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector,
            ["OTEL_BSP_SCHEDULE_DELAY"] = "20",
        };
        foreach (var (key, value) in further)
            settings[key] = value;
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        return FrontendHost.Start(
            new FrontendHostOptions { Settings = settings, Services = services => services.AddFakeLogging().AddOrleansLbTelemetry(configuration, "tested") },
            new Dictionary<string, string> { ["a"] = backend });
    }

    private async Task<string> Get(FrontendHost frontend, string path, string? trace)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(frontend.Http1, path));
        if (trace is not null)
        {
            request.Headers.Add("traceparent", trace);
            request.Headers.Add("tracestate", "a=b");
        }

        using var answer = await _client.SendAsync(request, Cancellation);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync(Cancellation);
    }

    /// <summary>Sends requests over several connections until something holds; each must be answered.</summary>
    private Task Load(FrontendHost frontend, Func<bool> isOver) => Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
    {
        for (var i = 0; i < 100 || !isOver(); i++)
            Assert.Equal("a", await Get(frontend, "/id", null));
    }));

    private static MetricCollector<long> Spans(FrontendHost frontend) => new(frontend.Services.GetRequiredService<IMeterFactory>(), "OrleansLb.Hosting.Tracing", "orleanslb.tracing.spans");

    private static long Count(MetricCollector<long> spans, string outcome) => spans.GetMeasurementSnapshot().Where(measured => (string)measured.Tags["outcome"]! == outcome).Sum(static measured => measured.Value);

    private static FakeLogRecord[] Logs(FrontendHost frontend) =>
        [.. frontend.Services.GetRequiredService<FakeLogCollector>().GetSnapshot().Where(static record => record.Category!.StartsWith("OrleansLb.Hosting.Telemetry.Tracing", StringComparison.Ordinal))];

    private static string Hex(Google.Protobuf.ByteString id) => Convert.ToHexStringLower(id.Span);

    private static string Text(KeyValue attribute) => attribute.Key + "=" + (attribute.Value.HasIntValue ? attribute.Value.IntValue.ToString(CultureInfo.InvariantCulture) : attribute.Value.StringValue);

    private static ulong Nanoseconds(DateTimeOffset time) => (ulong)(time - DateTimeOffset.UnixEpoch).Ticks * 100;

    private static string Closed()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return $"http://{listener.LocalEndpoint}";
    }
}
