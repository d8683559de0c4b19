using OrleansLb.Core.Snapshots;
using OrleansLb.Probes.Grpc;
using OrleansLb.Probes.Http;
using OrleansLb.Probes.Scripts;
using OrleansLb.Probes.Tcp;

namespace OrleansLb.Probes;

/// <summary>One probe of one backend, ready to run.</summary>
/// <param name="Timeout">Limit for connecting, asking and hearing the answer together.</param>
public abstract record ProbeTarget(TimeSpan Timeout)
{
    /// <summary>Which kind of probe it is.</summary>
    public abstract ProbeType Type { get; }

    /// <summary>Aims a pool's probe at a backend.</summary>
    /// <param name="backend">The backend.</param>
    /// <param name="probe">The probe.</param>
    /// <param name="timeout">Limit of the whole probe.</param>
    /// <param name="tls">How backends are met that speak TLS; <see langword="null"/> for by the machine's roots.</param>
    public static ProbeTarget Of(BackendDefinition backend, ProbeDefinition probe, TimeSpan timeout, ProbeTlsDefinition? tls = null)
    {
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentNullException.ThrowIfNull(probe);
        var address = new UriBuilder(backend.HealthAddress) { Fragment = "", Port = probe.Port ?? backend.HealthAddress.Port };
        var met = address.Scheme == Uri.UriSchemeHttps ? tls : null;
        return probe switch
        {
            HttpProbeDefinition http => HttpProbeTarget.Of(address, backend.Host, http, timeout) with { Tls = met },
            GrpcProbeDefinition grpc => GrpcProbeTarget.Of(address, backend.Host, grpc, timeout) with { Tls = met },
            ScriptProbeDefinition script => new ScriptProbeTarget(address.Uri.IdnHost, address.Port, script.Steps, timeout),
            TcpProbeDefinition => new TcpProbeTarget(address.Uri.IdnHost, address.Port, timeout),
            _ => throw new ArgumentException($"There is no probe for {probe.Type}.", nameof(probe)),
        };
    }
}
