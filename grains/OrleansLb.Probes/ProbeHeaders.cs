using System.Collections.Immutable;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Probes;

/// <summary>The headers that all HTTP requests of probes have.</summary>
internal static class ProbeHeaders
{
    private const string UserAgent = "User-Agent";

    public static void Add(HttpRequestMessage request, string? host, ImmutableArray<ProbeHeader> configured)
    {
        SetHost(request, host);
        foreach (var header in configured)
            request.Headers.TryAddWithoutValidation(header.Name, header.Value);
        if (!request.Headers.Contains(UserAgent))
            request.Headers.TryAddWithoutValidation(UserAgent, "OrleansLb-probe");
    }

    private static void SetHost(HttpRequestMessage request, string? host)
    {
        try
        {
            request.Headers.Host = host;
        }
        catch (FormatException)
        {
            // YARP takes anything for a destination's host. What is none is not sent; the address' own goes instead.
            request.Headers.Host = null;
        }
    }
}
