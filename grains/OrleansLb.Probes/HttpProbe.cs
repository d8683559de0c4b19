using System.Buffers;
using System.Net;
using OrleansLb.Core.Health;

namespace OrleansLb.Probes;

/// <summary>Runs HTTP probes: one GET over HTTP/1.1, 2xx is success, redirects are not followed.</summary>
/// <remarks>
/// Every probe opens a connection of its own. A pooled one would go on proving that an old connection still works while the
/// backend accepts no new ones, which is what new traffic needs; the price is one handshake per interval.
/// Up to 64 KiB of the body is read, so that a backend that stalls in the middle of its answer does not pass, and one
/// with a large page is not made to send all of it.
/// </remarks>
public sealed class HttpProbe : IDisposable
{
    private const int MostBody = 64 * 1024;
    private const int BufferSize = 4096;

    private readonly TimeProvider _clock;
    private readonly HttpMessageInvoker _client;
    private readonly ProbeMetrics? _metrics;

    /// <summary>Creates a prober; one serves any number of concurrent probes.</summary>
    /// <param name="clock">Clock of timeouts and durations.</param>
    /// <param name="metrics">Where probes are measured; <see langword="null"/> for nowhere.</param>
    public HttpProbe(TimeProvider clock, ProbeMetrics? metrics = null)
        : this(clock, CreateHandler(), metrics)
    {
    }

    internal HttpProbe(TimeProvider clock, HttpMessageHandler handler, ProbeMetrics? metrics = null)
    {
        (_clock, _metrics) = (clock, metrics);
        _client = new HttpMessageInvoker(handler);
    }

    /// <summary>Runs one probe. Every way in which a backend can fail is an outcome, not an exception.</summary>
    /// <param name="target">What to ask.</param>
    /// <param name="cancellationToken">Abandons the probe.</param>
    /// <exception cref="OperationCanceledException">The caller abandoned the probe: there is no outcome.</exception>
    public async ValueTask<ProbeOutcome> Run(HttpProbeTarget target, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(target);
        var started = _clock.GetTimestamp();
        using var timeout = new CancellationTokenSource(target.Timeout, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        var (kind, status) = await Ask(target, either.Token, cancellationToken);
        var outcome = new ProbeOutcome(kind, status, _clock.GetElapsedTime(started));
        _metrics?.Ran(outcome);
        return outcome;
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    internal static SocketsHttpHandler CreateHandler() => new()
    {
        ActivityHeadersPropagator = null,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        ConnectTimeout = Timeout.InfiniteTimeSpan,
        PooledConnectionLifetime = TimeSpan.Zero,
        UseCookies = false,
        UseProxy = false,
    };

    private async ValueTask<(ProbeOutcomeKind Kind, int Status)> Ask(HttpProbeTarget target, CancellationToken either, CancellationToken caller)
    {
        try
        {
            using var request = Request(target);
            using var response = await _client.SendAsync(request, either);
            await ReadBody(response, either);
            var kind = response.IsSuccessStatusCode ? ProbeOutcomeKind.Success : ProbeOutcomeKind.WrongStatus;
            return (kind, (int)response.StatusCode);
        }
        catch (OperationCanceledException) when (!caller.IsCancellationRequested)
        {
            return (ProbeOutcomeKind.TimedOut, 0);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            return (ProbeFailures.Classify(failure), 0);
        }
    }

    private static HttpRequestMessage Request(HttpProbeTarget target)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, target.Uri)
        {
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.Host = target.Host;
        request.Headers.ConnectionClose = true;
        request.Headers.TryAddWithoutValidation("User-Agent", "OrleansLb-probe");
        return request;
    }

    private static async ValueTask ReadBody(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
            var left = MostBody;
            while (left > 0)
            {
                var read = await body.ReadAsync(buffer, cancellationToken);
                if (read == 0) return;
                left -= read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
