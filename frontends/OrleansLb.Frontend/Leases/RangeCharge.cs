using OrleansLb.Core.RateLimiting;

namespace OrleansLb.Frontend.Leases;

/// <summary>Permits that a range took for a request which another limit may yet refuse.</summary>
internal sealed class RangeCharge(RangeLimiter range, RateLimitKey key, int cost, long epoch, ChargeTicket ticket) : IChargeSource
{
    public void GiveBack(LeasePart part) => range.Settle(new ChargeSettlement(key, cost, epoch, ticket, IsGivenBack: true));

    public void Keep() => range.Settle(new ChargeSettlement(key, cost, epoch, ticket, IsGivenBack: false));
}
