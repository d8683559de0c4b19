namespace OrleansLb.Hosting.Tls;

/// <summary>How the probes of a silo meet backends that speak TLS. The same on all silos: any of them may have to probe.</summary>
public sealed class ProbeTlsOptions
{
    /// <summary>Where it is configured.</summary>
    public const string SectionName = "OrleansLb:Probes:Tls";

    /// <summary>The ways by their names, which pools give as <c>OrleansLb:Tls:Profile</c>.</summary>
    public IDictionary<string, BackendTlsOptions> Backends { get; } = new SortedDictionary<string, BackendTlsOptions>(StringComparer.OrdinalIgnoreCase);
}
