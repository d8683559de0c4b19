namespace OrleansLb.Core.Configuration.Rollbacks;

/// <summary>A version that the cluster took back by itself.</summary>
/// <param name="Failed">The version that was taken back.</param>
/// <param name="ReturnedTo">The version whose settings are in force again.</param>
/// <param name="Version">The version that brought them back.</param>
/// <param name="When">When, for people to read.</param>
/// <param name="Before">How requests went under <paramref name="ReturnedTo"/>.</param>
/// <param name="After">How they went under <paramref name="Failed"/>.</param>
public sealed record ConfigurationRollback(long Failed, long ReturnedTo, long Version, DateTimeOffset When, RequestCount Before, RequestCount After);
