using System.Collections.Concurrent;
using System.IO.Compression;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using OrleansLb.Frontend.Tests.LoadBalancing;

namespace OrleansLb.Frontend.Tests.Tracing;

/// <summary>Takes spans by OTLP over HTTP and reads them with code that Google's compiler made of OpenTelemetry's definition.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly WebApplication _application = LoopbackHost.Create(HttpProtocols.Http1).Build();
    private readonly ConcurrentQueue<ExportTraceServiceRequest> _batches = [];
    private readonly ConcurrentQueue<IHeaderDictionary> _heads = [];

    private Collector() => _application.Run(Take);

    internal string Address => _application.Urls.Single();

    /// <summary>What it answers from now on.</summary>
    internal int Status { get; set; } = StatusCodes.Status200OK;

    /// <summary>Fields of the requests that it took.</summary>
    internal IHeaderDictionary[] Heads => [.. _heads];

    /// <summary>Who sent the first batch.</summary>
    internal Resource Sender => _batches.First().ResourceSpans.Single().Resource;

    private CollectedSpan[] All => [.. _batches.SelectMany(static batch => batch.ResourceSpans).SelectMany(static spans => spans.ScopeSpans).SelectMany(static spans => spans.Spans)];

    internal static async Task<Collector> Start()
    {
        var collector = new Collector();
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
        Assert.Equal(("POST", "/v1/traces", "application/x-protobuf"), (context.Request.Method, context.Request.Path.Value, context.Request.ContentType));
        using var body = new MemoryStream();
        await using (var source = context.Request.Headers.ContentEncoding == "gzip" ? new GZipStream(context.Request.Body, CompressionMode.Decompress) : context.Request.Body)
            await source.CopyToAsync(body);
        context.Response.StatusCode = Status;
        if (Status != StatusCodes.Status200OK)
            return;
        _heads.Enqueue(new HeaderDictionary(context.Request.Headers.ToDictionary()));
        _batches.Enqueue(ExportTraceServiceRequest.Parser.ParseFrom(body.ToArray()));
    }
}
