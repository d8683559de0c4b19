namespace OrleansLb.Admin.Status;

/// <summary>One live front-end.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Incarnation">Grows with each of its starts.</param>
/// <param name="Version">Configuration version that it serves.</param>
/// <param name="Draining">Whether it is about to leave.</param>
/// <param name="LimitsOnly">Whether it is an application that uses the cluster's limits and carries no traffic of pools.</param>
internal sealed record FrontendSummary(string Id, long Incarnation, long Version, bool Draining, bool LimitsOnly);
