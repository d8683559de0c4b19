using System.Collections.Concurrent;
using System.IO.Compression;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using OrleansLb.Frontend.Tests.LoadBalancing;

namespace OrleansLb.Frontend.Tests.Tracing;

/// <summary>Takes spans by OTLP, over HTTP or gRPC, and reads them with code that Google's compiler made of OpenTelemetry's definition.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private const int PrefixLength = 5;

    private readonly WebApplication _application;
    private readonly bool _isGrpc;
    private readonly ConcurrentQueue<ExportTraceServiceRequest> _batches = [];
    private readonly ConcurrentQueue<IHeaderDictionary> _heads = [];

    private Collector(bool isGrpc)
    {
        _isGrpc = isGrpc;
        _application = LoopbackHost.Create(isGrpc ? HttpProtocols.Http2 : HttpProtocols.Http1).Build();
        _application.Run(Take);
    }

    internal string Address => _application.Urls.Single();

    /// <summary>What it answers from now on.</summary>
    internal int Status { get; set; } = StatusCodes.Status200OK;

    /// <summary>Fields of the requests that it took.</summary>
    internal IHeaderDictionary[] Heads => [.. _heads];

    /// <summary>Who sent the first batch.</summary>
    internal Resource Sender => _batches.First().ResourceSpans.Single().Resource;

    private CollectedSpan[] All => [.. _batches.SelectMany(static batch => batch.ResourceSpans).SelectMany(static spans => spans.ScopeSpans).SelectMany(static spans => spans.Spans)];

    internal static async Task<Collector> Start(bool isGrpc = false)
    {
        var collector = new Collector(isGrpc);
        await collector._application.StartAsync();
        return collector;
    }

    /// <summary>The spans, once there are so many.</summary>
    internal async Task<CollectedSpan[]> Spans(int count)
    {
        await Eventually.Is(() => All.Length >= count);
        Assert.Equal(count, All.Length);
        return All;
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private async Task Take(HttpContext context)
    {
        var expected = _isGrpc ? ("POST", "/opentelemetry.proto.collector.trace.v1.TraceService/Export", "application/grpc") : ("POST", "/v1/traces", "application/x-protobuf");
        Assert.Equal(expected, (context.Request.Method, context.Request.Path.Value, context.Request.ContentType));
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        context.Response.StatusCode = Status;
        if (Status != StatusCodes.Status200OK)
            return;
        _heads.Enqueue(new HeaderDictionary(context.Request.Headers.ToDictionary()));
        var isCompressed = _isGrpc ? body.GetBuffer()[0] == 1 : context.Request.Headers.ContentEncoding == "gzip";
        _batches.Enqueue(ExportTraceServiceRequest.Parser.ParseFrom(Message(body.ToArray().AsMemory(_isGrpc ? PrefixLength : 0), isCompressed)));
        if (_isGrpc)
            await AnswerNothing(context.Response);
    }

    private static byte[] Message(ReadOnlyMemory<byte> message, bool isCompressed)
    {
        if (!isCompressed)
            return message.ToArray();
        using var source = new GZipStream(new MemoryStream(message.ToArray()), CompressionMode.Decompress);
        using var plain = new MemoryStream();
        source.CopyTo(plain);
        return plain.ToArray();
    }

    private static async Task AnswerNothing(HttpResponse response)
    {
        response.ContentType = "application/grpc";
        await response.Body.WriteAsync(new byte[PrefixLength]);
        response.AppendTrailer("grpc-status", "0");
    }
}
