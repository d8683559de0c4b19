namespace OrleansLb.Core.RateLimiting;

/// <summary>One holder's account of its leases of one key, and what it wants next.</summary>
/// <param name="Key">The key.</param>
/// <param name="Want">Tokens wanted; 0 to report only.</param>
/// <param name="Demand">Tokens a second that it is asked for; decides how a scarce key is divided.</param>
/// <param name="Reports">Every lease that it still knows.</param>
public readonly record struct LeaseRenewal(RateLimitKey Key, int Want, double Demand, GrantReport[] Reports);
