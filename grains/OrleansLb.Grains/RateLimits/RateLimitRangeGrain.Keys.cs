using OrleansLb.Contracts.RateLimits;
using OrleansLb.Core.RateLimiting;

namespace OrleansLb.Grains.RateLimits;

internal sealed partial class RateLimitRangeGrain
{
    public ValueTask<LimitKeyUsage[]> MostUsed(int count) =>
        new(Array.ConvertAll(_slots?.MostUsed(count) ?? _range?.MostUsed(count, Now) ?? [], LimitWireMapping.ToWire));

    public ValueTask<LimitKeyUsage?> FindKey(ulong high, ulong low) => new(Find(new RateLimitKey(high, low))?.ToWire());

    // What is in flight is there whatever anybody forgets.
    public ValueTask<LimitKeyUsage?> ResetKey(ulong high, ulong low) => new(_slots is not null
        ? Find(new RateLimitKey(high, low))?.ToWire()
        : _range?.Reset(new RateLimitKey(high, low), Now)?.ToWire());

    private KeyUsage? Find(RateLimitKey key) => _slots is { } slots ? slots.Find(key) : _range?.Find(key, Now);
}
