using System.Buffers;
using System.Net;
using System.Text;
using OrleansLb.Core.Health;
using OrleansLb.Probes.Network;

namespace OrleansLb.Probes.Http;

/// <summary>Runs HTTP probes: one request over HTTP/1.1 without a body. Redirects are not followed.</summary>
/// <remarks>The body is read to its end, or 64 KiB of it, so that a backend that stalls in the middle of its answer does not pass.</remarks>
/// <param name="usual">Sends where the machine's roots count, which is the same for all backends.</param>
/// <param name="handlers">Makes clients for those of pools that say how they are met.</param>
internal sealed class HttpProbe(HttpMessageHandler usual, HttpHandlers handlers) : IProbe<HttpProbeTarget>, IDisposable
{
    private readonly HttpMessageInvoker _usual = new(usual);

    public async ValueTask<ProbeAnswer> Ask(HttpProbeTarget target, CancellationToken cancellationToken)
    {
        if (target.Tls is not { } tls)
            return await Ask(_usual, target, cancellationToken);
        // Made for one probe, since nothing of it is used again: neither the connection nor what was believed of the backend.
        using var client = new HttpMessageInvoker(WithoutMemory(handlers.Create(tls, protocol: null)));
        return await Ask(client, target, cancellationToken);
    }

    public void Dispose() => _usual.Dispose();

    internal static SocketsHttpHandler WithoutMemory(SocketsHttpHandler handler)
    {
        handler.PooledConnectionLifetime = TimeSpan.Zero;

        // Of an answer that is not read to its end, nothing more shall be sent.
        handler.MaxResponseDrainSize = 0;
        return handler;
    }

    private static async ValueTask<ProbeAnswer> Ask(HttpMessageInvoker client, HttpProbeTarget target, CancellationToken cancellationToken)
    {
        using var request = Request(target);
        using var response = await client.SendAsync(request, cancellationToken);
        var contains = await ReadBody(response, target.BodyContains, cancellationToken);
        var status = (int)response.StatusCode;
        return new ProbeAnswer(
            !target.ExpectedStatus.Contains(status) ? ProbeOutcomeKind.WrongStatus
            : !contains ? ProbeOutcomeKind.WrongContent
            : ProbeOutcomeKind.Success,
            status);
    }

    private static HttpRequestMessage Request(HttpProbeTarget target)
    {
        var request = new HttpRequestMessage(new HttpMethod(target.Method), target.Uri)
        {
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.ConnectionClose = true;
        ProbeHeaders.Add(request, target.Host, target.Headers);
        return request;
    }

    /// <summary>Reads the body, or its first part.</summary>
    /// <returns>Whether what was read contains the text.</returns>
    private static async ValueTask<bool> ReadBody(HttpResponseMessage response, string? text, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Prober.MostContent);
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
            var length = await body.ReadAtLeastAsync(buffer.AsMemory(0, Prober.MostContent), Prober.MostContent, throwOnEndOfStream: false, cancellationToken);
            return text is null || buffer.AsSpan(0, length).IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
