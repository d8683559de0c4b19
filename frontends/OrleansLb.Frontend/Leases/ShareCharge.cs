using OrleansLb.Core.RateLimiting;

namespace OrleansLb.Frontend.Leases;

/// <summary>Permits of this front-end's share for a request which another limit may yet refuse.</summary>
internal sealed class ShareCharge(LocalShare share, RateLimitKey key, int cost, ChargeTicket ticket, LimitClock clock) : IChargeSource
{
    public void GiveBack(LeasePart part) => share.GiveBack(key, cost, ticket, clock.Now);

    public void Keep() => share.Keep(key, cost, ticket, clock.Now);
}
