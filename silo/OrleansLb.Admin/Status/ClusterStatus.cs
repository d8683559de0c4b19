namespace OrleansLb.Admin.Status;

/// <summary>The document of <c>GET /api/v1/status</c>. Members are only ever added.</summary>
/// <param name="Version">Configuration version in force.</param>
/// <param name="Configuration">Where that version came from, and what was refused since.</param>
/// <param name="Silos">Active silos.</param>
/// <param name="Frontends">Live front-ends.</param>
/// <param name="Pools">Pools by id.</param>
/// <param name="Vanished">Front-ends that fell silent within three days and have not returned.</param>
/// <param name="Certificates">Certificates that the cluster orders, by name.</param>
internal sealed record ClusterStatus(
    long Version,
    ConfigurationSummary Configuration,
    IReadOnlyList<SiloSummary> Silos,
    IReadOnlyList<FrontendSummary> Frontends,
    IReadOnlyList<PoolSummary> Pools,
    IReadOnlyList<VanishedFrontendSummary> Vanished,
    IReadOnlyList<CertificateSummary> Certificates);
