using System.Collections.Immutable;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Probes;

/// <summary>The headers that all HTTP requests of probes have.</summary>
internal static class ProbeHeaders
{
    private const string UserAgent = "User-Agent";

    public static void Add(HttpRequestMessage request, ImmutableArray<ProbeHeader> configured)
    {
        foreach (var header in configured)
            request.Headers.TryAddWithoutValidation(header.Name, header.Value);
        if (!request.Headers.Contains(UserAgent))
            request.Headers.TryAddWithoutValidation(UserAgent, "OrleansLb-probe");
    }
}
