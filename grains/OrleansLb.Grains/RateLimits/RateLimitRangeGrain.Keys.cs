using OrleansLb.Contracts.RateLimits;
using OrleansLb.Core.RateLimiting;

namespace OrleansLb.Grains.RateLimits;

internal sealed partial class RateLimitRangeGrain
{
    public ValueTask<LimitKeyUsage[]> MostUsed(int count) =>
        new(_range is { } range ? Array.ConvertAll(range.MostUsed(count, Now), LimitWireMapping.ToWire) : []);

    public ValueTask<LimitKeyUsage?> FindKey(ulong high, ulong low) => new(_range?.Find(new RateLimitKey(high, low), Now)?.ToWire());

    public ValueTask<LimitKeyUsage?> ResetKey(ulong high, ulong low) => new(_range?.Reset(new RateLimitKey(high, low), Now)?.ToWire());
}
