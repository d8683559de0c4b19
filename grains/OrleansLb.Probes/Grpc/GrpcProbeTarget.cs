using System.Collections.Immutable;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Probes.Grpc;

/// <summary>What one gRPC probe asks.</summary>
/// <param name="Uri">Full address of the method; https for TLS, http for HTTP/2 without it.</param>
/// <param name="Host">Authority; <see langword="null"/> for the address' own.</param>
/// <param name="Service">Service that is asked about; empty for the server as a whole.</param>
/// <param name="Timeout">Limit for connecting, asking and reading the answer together.</param>
public sealed record GrpcProbeTarget(Uri Uri, string? Host, string Service, TimeSpan Timeout) : ProbeTarget(Timeout)
{
    private const string Method = "/grpc.health.v1.Health/Check";

    /// <inheritdoc/>
    public override ProbeType Type => ProbeType.Grpc;

    /// <summary>Metadata of the call.</summary>
    public ImmutableArray<ProbeHeader> Headers { get; init; } = [];

    /// <summary>How the backend is met where the address says https; <see langword="null"/> for by the machine's roots.</summary>
    public ProbeTlsDefinition? Tls { get; init; }

    /// <summary>A path of the address is left out: no gRPC server listens below one.</summary>
    internal static GrpcProbeTarget Of(UriBuilder address, string? backendHost, GrpcProbeDefinition probe, TimeSpan timeout)
    {
        (address.Path, address.Query) = (Method, "");
        return new GrpcProbeTarget(address.Uri, probe.Host ?? backendHost, probe.Service, timeout) { Headers = probe.Headers };
    }
}
