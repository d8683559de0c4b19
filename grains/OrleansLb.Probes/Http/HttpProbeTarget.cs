using System.Collections.Immutable;
using OrleansLb.Core.Health;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Probes.Http;

/// <summary>What one HTTP probe asks for, and what it wants to hear.</summary>
/// <param name="Uri">Full address of the probe.</param>
/// <param name="Host">Host header; <see langword="null"/> for the address' own.</param>
/// <param name="Timeout">Limit for connecting, asking and reading the answer together.</param>
public sealed record HttpProbeTarget(Uri Uri, string? Host, TimeSpan Timeout) : ProbeTarget(Timeout)
{
    /// <inheritdoc/>
    public override ProbeType Type => ProbeType.Http;

    /// <summary>Method of the request.</summary>
    public string Method { get; init; } = "GET";

    /// <summary>Further headers.</summary>
    public ImmutableArray<ProbeHeader> Headers { get; init; } = [];

    /// <summary>Statuses that are a success.</summary>
    public HttpStatusSet ExpectedStatus { get; init; } = HttpStatusSet.Successful;

    /// <summary>What must occur in the first 64 KiB of the body; <see langword="null"/> for nothing.</summary>
    public string? BodyContains { get; init; }

    /// <summary>How the backend is met where the address says https; <see langword="null"/> for by the machine's roots.</summary>
    public ProbeTlsDefinition? Tls { get; init; }

    internal static HttpProbeTarget Of(UriBuilder address, string? backendHost, HttpProbeDefinition probe, TimeSpan timeout)
    {
        address.Query = probe.Query;
        address.Path = $"{address.Path.TrimEnd('/')}/{probe.Path.TrimStart('/')}";
        return new HttpProbeTarget(address.Uri, probe.Host ?? backendHost, timeout)
        {
            Method = probe.Method,
            Headers = probe.Headers,
            ExpectedStatus = probe.ExpectedStatus,
            BodyContains = probe.BodyContains,
        };
    }
}
