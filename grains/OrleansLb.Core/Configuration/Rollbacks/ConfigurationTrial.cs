namespace OrleansLb.Core.Configuration.Rollbacks;

/// <summary>A version that has not proven itself yet.</summary>
/// <param name="Version">The version.</param>
/// <param name="ReturnTo">The last one that has: what is in force again if this one fails.</param>
/// <param name="Before">How requests went under that one, shortly before it was replaced.</param>
public sealed record ConfigurationTrial(long Version, long ReturnTo, RequestCount Before);
