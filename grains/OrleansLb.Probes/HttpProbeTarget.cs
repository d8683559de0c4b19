using OrleansLb.Core.Snapshots;

namespace OrleansLb.Probes;

/// <summary>What one HTTP probe asks for, and how long it may take.</summary>
/// <param name="Uri">Full address of the probe.</param>
/// <param name="Host">Host header; <see langword="null"/> for the address' own.</param>
/// <param name="Timeout">Limit for connecting, asking and reading the answer together.</param>
public sealed record HttpProbeTarget(Uri Uri, string? Host, TimeSpan Timeout)
{
    /// <summary>The probe of one backend: path and query are put behind the path of its health address.</summary>
    /// <param name="backend">The backend.</param>
    /// <param name="settings">The pool's health checks.</param>
    public static HttpProbeTarget Of(BackendDefinition backend, ActiveHealthDefinition settings)
    {
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentNullException.ThrowIfNull(settings);
        var address = new UriBuilder(backend.HealthAddress) { Query = settings.Query, Fragment = "" };
        address.Path = $"{address.Path.TrimEnd('/')}/{settings.Path.TrimStart('/')}";
        return new HttpProbeTarget(address.Uri, backend.Host, settings.Timeout);
    }
}
