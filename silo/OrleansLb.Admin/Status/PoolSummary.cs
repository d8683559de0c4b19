namespace OrleansLb.Admin.Status;

/// <summary>One pool.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Complete">Whether every live front-end is in the counts.</param>
/// <param name="EligibilityVersion">Version of the backends' states.</param>
/// <param name="RequestsPerSecond">Requests a second over all front-ends.</param>
/// <param name="Frontends">Front-ends in the counts.</param>
/// <param name="Backends">Its backends, by id.</param>
/// <param name="Retries">What was sent a second time; <see langword="null"/> while no front-end tells.</param>
internal sealed record PoolSummary(
    string Id,
    bool Complete,
    long EligibilityVersion,
    double RequestsPerSecond,
    IReadOnlyList<string> Frontends,
    IReadOnlyList<BackendSummary> Backends,
    RetrySummary? Retries);
