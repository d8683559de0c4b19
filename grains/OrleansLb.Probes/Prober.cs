using System.Net.Sockets;
using System.Security.Authentication;
using OrleansLb.Core.Health;
using OrleansLb.Probes.Grpc;
using OrleansLb.Probes.Http;
using OrleansLb.Probes.Network;
using OrleansLb.Probes.Scripts;
using OrleansLb.Probes.Tcp;

namespace OrleansLb.Probes;

/// <summary>Runs probes of every kind. Every way in which a backend can fail is an outcome, not an exception.</summary>
/// <remarks>
/// Every probe opens a connection of its own. A pooled one would go on proving that an old connection still works while the
/// backend accepts no new ones, which is what new traffic needs; the price is one handshake per interval.
/// No more than 64 KiB of an answer is read, so that a backend with a large page is not made to send all of it.
/// </remarks>
public sealed class Prober : IDisposable
{
    /// <summary>The most that a probe reads of an answer's content, in bytes.</summary>
    internal const int MostContent = 64 * 1024;

    private readonly TimeProvider _clock;
    private readonly ProbeMetrics? _metrics;
    private readonly HttpProbe _http;
    private readonly TcpProbe _tcp;
    private readonly GrpcProbe _grpc;
    private readonly ScriptProbe _script;

    /// <summary>Creates a prober; one serves any number of concurrent probes.</summary>
    /// <param name="clock">Clock of timeouts and durations.</param>
    /// <param name="metrics">Where probes are measured; <see langword="null"/> for nowhere.</param>
    /// <param name="profiles">What this process has files for, of the ways in which pools want their backends to be met.</param>
    public Prober(TimeProvider clock, ProbeMetrics? metrics = null, IEnumerable<IProbeProfiles>? profiles = null)
        : this(clock, new TcpNetwork(), metrics, profiles: profiles)
    {
    }

    internal Prober(TimeProvider clock, IProbeNetwork network, ProbeMetrics? metrics = null, HttpMessageHandler? http = null, IEnumerable<IProbeProfiles>? profiles = null)
    {
        (_clock, _metrics) = (clock, metrics);
        var handlers = new HttpHandlers(network, [.. profiles ?? []]);
        _http = new HttpProbe(http ?? HttpProbe.WithoutMemory(handlers.Create()), handlers);
        _tcp = new TcpProbe(network);
        _grpc = new GrpcProbe(handlers);
        _script = new ScriptProbe(network);
    }

    /// <summary>Runs one probe.</summary>
    /// <param name="target">What to ask.</param>
    /// <param name="cancellationToken">Abandons the probe.</param>
    /// <exception cref="OperationCanceledException">The caller abandoned the probe: there is no outcome.</exception>
    public async ValueTask<ProbeOutcome> Run(ProbeTarget target, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(target);
        var started = _clock.GetTimestamp();
        using var timeout = new CancellationTokenSource(target.Timeout, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        var (kind, status) = await Ask(target, either.Token, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        var outcome = new ProbeOutcome(kind, status, _clock.GetElapsedTime(started));
        _metrics?.Ran(target.Type, outcome);
        return outcome;
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async ValueTask<ProbeAnswer> Ask(ProbeTarget target, CancellationToken either, CancellationToken caller)
    {
        try
        {
            return await Ask(target, either);
        }
        catch (OperationCanceledException) when (!caller.IsCancellationRequested)
        {
            return new ProbeAnswer(ProbeOutcomeKind.TimedOut);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or SocketException or AuthenticationException)
        {
            return new ProbeAnswer(ProbeFailures.Classify(failure));
        }
    }

    private ValueTask<ProbeAnswer> Ask(ProbeTarget target, CancellationToken cancellationToken) => target switch
    {
        HttpProbeTarget http => _http.Ask(http, cancellationToken),
        TcpProbeTarget tcp => _tcp.Ask(tcp, cancellationToken),
        GrpcProbeTarget grpc => _grpc.Ask(grpc, cancellationToken),
        ScriptProbeTarget script => _script.Ask(script, cancellationToken),
        _ => throw new ArgumentException($"There is no probe for {target.Type}.", nameof(target)),
    };
}
