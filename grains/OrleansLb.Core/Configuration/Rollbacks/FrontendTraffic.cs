namespace OrleansLb.Core.Configuration.Rollbacks;

/// <summary>What came of the requests that one front-end took while it served one version.</summary>
/// <param name="FrontendId">The front-end.</param>
/// <param name="Incarnation">Its life: counts start at zero with each.</param>
/// <param name="Version">The version, or the earliest one with the same settings.</param>
/// <param name="ServedFor">How long it has served that, by its own clock.</param>
/// <param name="Count">What has ended since it began to.</param>
public sealed record FrontendTraffic(string FrontendId, long Incarnation, long Version, TimeSpan ServedFor, RequestCount Count)
{
    /// <summary>Whether the counts can be true; others are left out.</summary>
    public bool IsPossible => Count.Failed >= 0 && Count.Failed <= Count.Requests && ServedFor >= TimeSpan.Zero;
}
