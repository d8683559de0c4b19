using System.Globalization;
using System.Runtime.CompilerServices;
using OrleansLb.Core.RateLimiting;
using OrleansLb.Frontend.Leases;

namespace OrleansLb.LimitBench.Contestants;

/// <summary>A policy of the cluster, asked as a front-end asks it.</summary>
internal sealed class ClusterLimit(string name, PolicyLimiter limiter, int keys) : IContestant
{
    private readonly RateLimitKey[] _keys = [.. Enumerable.Range(0, keys).Select(static key => RateLimitKey.Of(key.ToString(CultureInfo.InvariantCulture)))];

    public string Name => name;

    public ValueTask<bool> Decide(int key)
    {
        var decision = limiter.Acquire(_keys[key], cost: 1);
        return decision.IsCompletedSuccessfully ? new(IsAdmitted(decision.Result)) : Wait(decision);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private static async ValueTask<bool> Wait(ValueTask<LimitOutcome> decision) => IsAdmitted(await decision);

    // A request in flight that ends at once.
    private static bool IsAdmitted(in LimitOutcome outcome)
    {
        outcome.Slot.Release();
        return outcome.IsAdmitted;
    }
}
