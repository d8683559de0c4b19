using OrleansLb.Configuration;
using OrleansLb.Contracts.RateLimits;
using OrleansLb.Core.RateLimiting;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Admin.RateLimits;

/// <summary>The keys of a rate limit, over all ranges that count any.</summary>
internal sealed class LimitKeyDirectory(IGrainFactory grains, IConfigurationView configuration)
{
    private const int MostAtOnce = 32;

    private static readonly GrainType RangeType = GrainType.Create("rate-limit-range");

    /// <summary>Asks the ranges that are active: the others count nothing, and a question would wake each of them for good.</summary>
    public async Task<IReadOnlyList<LimitKeySummary>> MostUsed(RateLimitPolicyDefinition policy, int count)
    {
        var active = await grains.GetGrain<IManagementGrain>(0).GetActiveGrains(RangeType);
        var ranges = active.Select(static id => id.Key.ToString()!).Where(key => PolicyOf(key)?.PublicName == policy.Name);
        var used = new List<(LimitKeyUsage Usage, bool HasOverride)>();
        foreach (var some in ranges.Chunk(MostAtOnce))
        {
            var answers = await Task.WhenAll(some.Select(key => grains.GetGrain<IRateLimitRangeGrain>(key).MostUsed(count).AsTask()));
            foreach (var (key, answer) in some.Zip(answers))
                used.AddRange(answer.Select(usage => (usage, PolicyOf(key)!.OverrideOf is not null)));
        }

        return [.. used.OrderByDescending(static each => each.Usage.Used).Take(count).Select(static each => LimitKeySummary.Of(each.Usage, each.HasOverride))];
    }

    public async Task<LimitKeySummary?> Find(RateLimitPolicyDefinition policy, RateLimitKey key) =>
        Summary(policy, key, await RangeOf(policy, key).FindKey(key.High, key.Low));

    public async Task<LimitKeySummary?> Reset(RateLimitPolicyDefinition policy, RateLimitKey key) =>
        Summary(policy, key, await RangeOf(policy, key).ResetKey(key.High, key.Low));

    private RateLimitPolicyDefinition? PolicyOf(string grainKey) =>
        configuration.Current.Snapshot.RateLimits.GetValueOrDefault(grainKey[..grainKey.LastIndexOf('/')]);

    private IRateLimitRangeGrain RangeOf(RateLimitPolicyDefinition policy, RateLimitKey key) =>
        grains.GetGrain<IRateLimitRangeGrain>(IRateLimitRangeGrain.KeyOf(policy.Overrides.Find(key) ?? policy.Name, key.Range));

    private static LimitKeySummary? Summary(RateLimitPolicyDefinition policy, RateLimitKey key, LimitKeyUsage? usage) =>
        usage is { } known ? LimitKeySummary.Of(known, policy.Overrides.Find(key) is not null) : null;
}
