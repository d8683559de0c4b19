namespace OrleansLb.Core.Configuration.Rollbacks;

/// <summary>What the cluster knows of a version on trial at one moment.</summary>
/// <param name="Count">What came of the requests that front-ends took while they served it.</param>
/// <param name="ServedFor">How long the first of them has served it. Their time and not that of a silo: it goes on when a silo dies, and while there is none.</param>
public readonly record struct TrialLook(RequestCount Count, TimeSpan ServedFor);
