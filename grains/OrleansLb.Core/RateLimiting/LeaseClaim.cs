namespace OrleansLb.Core.RateLimiting;

/// <summary>One <see cref="LeaseRenewal"/> as it reaches its key.</summary>
/// <param name="Holder">Front-end id.</param>
/// <param name="Renewal">What it reports and wants.</param>
/// <param name="Epoch">Epoch of this activation: reports on leases of another one are ignored.</param>
/// <param name="GrantId">Identity of the lease if one is given.</param>
internal readonly record struct LeaseClaim(string Holder, LeaseRenewal Renewal, long Epoch, long GrantId);
