using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using OrleansLb.Core.Health;
using OrleansLb.Probes.Network;

namespace OrleansLb.Probes.Grpc;

/// <summary>Calls grpc.health.v1.Health/Check over HTTP/2. SERVING is success; every other answer of a gRPC server is an answer that it does not serve.</summary>
internal sealed class GrpcProbe(HttpHandlers handlers) : IProbe<GrpcProbeTarget>
{
    private const string ContentType = "application/grpc";
    private const string StatusTrailer = "grpc-status";

    /// <summary>
    /// Client and connection are made for one call, and both end with it: HTTP/2 connections are shared by design, and a probe must show that
    /// the backend accepts a new one.
    /// </summary>
    public async ValueTask<ProbeAnswer> Ask(GrpcProbeTarget target, CancellationToken cancellationToken)
    {
        var preface = new ServerPreface();
        var handler = target.Tls is { } tls ? handlers.Create(tls, SslApplicationProtocol.Http2) : handlers.Create();
        handler.PlaintextStreamFilter = (context, _) => new ValueTask<Stream>(preface.Watch(context.PlaintextStream));
        using var client = new HttpMessageInvoker(handler);
        try
        {
            return await Ask(client, target, cancellationToken);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            return new ProbeAnswer(Classify(failure, preface));
        }
    }

    private static ProbeOutcomeKind Classify(Exception failure, ServerPreface preface)
    {
        var kind = ProbeFailures.Classify(failure);
        return preface.IsViolated ? ProbeOutcomeKind.Malformed

            // Somebody who hung up without a word has not spoken another protocol.
            : kind == ProbeOutcomeKind.Malformed && preface.IsWatching && !preface.IsComplete ? ProbeOutcomeKind.Reset
            : kind;
    }

    private static async ValueTask<ProbeAnswer> Ask(HttpMessageInvoker client, GrpcProbeTarget target, CancellationToken cancellationToken)
    {
        using var request = Request(target);
        using var response = await client.SendAsync(request, cancellationToken);
        var status = (int)response.StatusCode;
        if (response.StatusCode != HttpStatusCode.OK)
            return new ProbeAnswer(ProbeOutcomeKind.WrongStatus, status);
        if (!IsGrpc(response.Content.Headers.ContentType))
            return new ProbeAnswer(ProbeOutcomeKind.Malformed, status);
        return await Read(response, cancellationToken);
    }

    private static HttpRequestMessage Request(GrpcProbeTarget target)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, target.Uri)
        {
            Content = new ByteArrayContent(HealthMessages.Request(target.Service)),
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(ContentType);
        request.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
        ProbeHeaders.Add(request, target.Host, target.Headers);
        return request;
    }

    private static bool IsGrpc(MediaTypeHeaderValue? type) =>
        type?.MediaType is { } name && (name.Equals(ContentType, StringComparison.OrdinalIgnoreCase) || name.StartsWith(ContentType + "+", StringComparison.OrdinalIgnoreCase));

    private static async ValueTask<ProbeAnswer> Read(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Prober.MostContent);
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
            var length = await body.ReadAtLeastAsync(buffer.AsMemory(0, Prober.MostContent), Prober.MostContent, throwOnEndOfStream: false, cancellationToken);
            return length == Prober.MostContent ? new ProbeAnswer(ProbeOutcomeKind.Malformed) : Judge(response, buffer.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>An answer without a message ends in the headers instead of in trailers.</summary>
    private static ProbeAnswer Judge(HttpResponseMessage response, ReadOnlySpan<byte> body)
    {
        var status = StatusIn(response.TrailingHeaders) ?? StatusIn(response.Headers);
        if (status is > 0)
            return new ProbeAnswer(ProbeOutcomeKind.NotServing, status.Value);
        if (status is null || !HealthMessages.TryReadResponse(body, out var serving))
            return new ProbeAnswer(ProbeOutcomeKind.Malformed);
        return serving == HealthMessages.Serving ? ProbeAnswer.Success : new ProbeAnswer(ProbeOutcomeKind.NotServing);
    }

    private static int? StatusIn(HttpResponseHeaders headers) =>
        headers.TryGetValues(StatusTrailer, out var values) && int.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var status) ? status : null;
}
