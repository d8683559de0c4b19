using System.Buffers;
using System.Net;
using System.Text;
using OrleansLb.Core.Health;
using OrleansLb.Probes.Network;

namespace OrleansLb.Probes.Http;

/// <summary>Runs HTTP probes: one request over HTTP/1.1 without a body. Redirects are not followed.</summary>
/// <remarks>The body is read to its end, or 64 KiB of it, so that a backend that stalls in the middle of its answer does not pass.</remarks>
internal sealed class HttpProbe(HttpMessageHandler handler) : IProbe<HttpProbeTarget>, IDisposable
{
    private readonly HttpMessageInvoker _client = new(handler);

    public async ValueTask<ProbeAnswer> Ask(HttpProbeTarget target, CancellationToken cancellationToken)
    {
        using var request = Request(target);
        using var response = await _client.SendAsync(request, cancellationToken);
        var contains = await ReadBody(response, target.BodyContains, cancellationToken);
        var status = (int)response.StatusCode;
        return new ProbeAnswer(
            !target.ExpectedStatus.Contains(status) ? ProbeOutcomeKind.WrongStatus
            : !contains ? ProbeOutcomeKind.WrongContent
            : ProbeOutcomeKind.Success,
            status);
    }

    public void Dispose() => _client.Dispose();

    internal static SocketsHttpHandler CreateHandler(IProbeNetwork network)
    {
        var handler = HttpHandlers.Create(network);
        handler.PooledConnectionLifetime = TimeSpan.Zero;

        // Of an answer that is not read to its end, nothing more shall be sent.
        handler.MaxResponseDrainSize = 0;
        return handler;
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
