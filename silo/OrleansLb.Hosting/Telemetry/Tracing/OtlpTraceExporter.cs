using System.Diagnostics;
using System.IO.Compression;
using System.Net.Http.Headers;
using Microsoft.Extensions.Logging;
using OpenTelemetry;

namespace OrleansLb.Hosting.Telemetry.Tracing;

/// <summary>
/// Sends batches of spans to a collector by OTLP over HTTP. On the thread of the batches, of which there is one: a collector that is slow or not there costs spans, which are counted, and nothing else.
/// </summary>
internal sealed partial class OtlpTraceExporter : BaseExporter<Activity>
{
    private static readonly MediaTypeHeaderValue Protobuf = new("application/x-protobuf");

    private readonly OtlpSettings _settings;
    private readonly TracingMetrics _metrics;
    private readonly ILogger<OtlpTraceExporter> _logger;
    private readonly OtlpSpans _spans = new();
    private readonly HttpClient _client;
    private bool _isFailing;

    public OtlpTraceExporter(OtlpSettings settings, TracingMetrics metrics, ILogger<OtlpTraceExporter> logger)
    {
        (_settings, _metrics, _logger) = (settings, metrics, logger);
        // Without a propagator the client makes no span of its own of it.
        _client = new HttpClient(new SocketsHttpHandler { ActivityHeadersPropagator = null, AllowAutoRedirect = false, UseCookies = false }) { Timeout = settings.Timeout };
    }

    public override ExportResult Export(in Batch<Activity> batch)
    {
        var count = batch.Count;
        var fault = Send(_spans.Write(ParentProvider.GetResource(), batch));
        _metrics.Sent(count, fault is null);
        Tell(fault);
        return fault is null ? ExportResult.Success : ExportResult.Failure;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _client.Dispose();
        base.Dispose(disposing);
    }

    private string? Send(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, _settings.Endpoint) { Content = ContentOf(body) };
            foreach (var (name, value) in _settings.Headers)
                request.Headers.TryAddWithoutValidation(name, value);
            using var answer = _client.Send(request, HttpCompletionOption.ResponseHeadersRead);
            return answer.IsSuccessStatusCode ? null : FormattableString.Invariant($"it answers {(int)answer.StatusCode}");
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or OperationCanceledException)
        {
            return exception.Message;
        }
    }

    private HttpContent ContentOf(ReadOnlyMemory<byte> body)
    {
        if (!_settings.IsCompressed)
            return new ReadOnlyMemoryContent(body) { Headers = { ContentType = Protobuf } };
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
            gzip.Write(body.Span);
        return new ByteArrayContent(compressed.ToArray()) { Headers = { ContentType = Protobuf, ContentEncoding = { "gzip" } } };
    }

    /// <summary>Says it when it begins and when it is over, and not for each batch.</summary>
    private void Tell(string? fault)
    {
        if (fault is not null && !_isFailing)
            LogLost(_logger, _settings.Shown, fault);
        if (fault is null && _isFailing)
            LogSentAgain(_logger, _settings.Shown);
        _isFailing = fault is not null;
    }
}
