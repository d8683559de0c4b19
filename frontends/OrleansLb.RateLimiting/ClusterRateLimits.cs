using System.Threading.RateLimiting;
using OrleansLb.Core.RateLimiting;
using OrleansLb.Frontend.Leases;

namespace OrleansLb.RateLimiting;

/// <summary>The cluster's rate-limit policies as limiters of this process: whatever is admitted here counts for every front-end and every other application.</summary>
public sealed class ClusterRateLimits
{
    private readonly RateLimiterTable _limiters;
    private readonly RateLimitMetrics _metrics;
    private readonly TimeProvider _clock;

    internal ClusterRateLimits(RateLimiterTable limiters, RateLimitMetrics metrics, TimeProvider clock) => (_limiters, _metrics, _clock) = (limiters, metrics, clock);

    /// <summary>The limiter of one key of a policy. Limiters of the same key share its limit, wherever they are.</summary>
    /// <param name="policy">
    /// Name of a policy in the cluster's configuration. It is looked up with each request, because configurations change: until this process knows a policy of that name,
    /// requests are refused with the reason.
    /// </param>
    /// <param name="key">
    /// What requests that share a limit have in common, as a user's name. Where the policy's <c>Partition</c> is one header, cookie, query parameter or claim, front-ends count its value
    /// against the same limit.
    /// </param>
    public RateLimiter Limiter(string policy, string key)
    {
        ArgumentException.ThrowIfNullOrEmpty(policy);
        ArgumentNullException.ThrowIfNull(key);
        return new ClusterRateLimiter(_limiters, _metrics, _clock, policy, RateLimitKey.Of(key.AsSpan()));
    }

    /// <summary>A limiter of a policy for resources of a kind, each of which names its key.</summary>
    /// <param name="policy">As for <see cref="Limiter"/>.</param>
    /// <param name="key">The key of a resource, as for <see cref="Limiter"/>.</param>
    /// <typeparam name="TResource">What is limited, as a request or a message.</typeparam>
    public PartitionedRateLimiter<TResource> Partitioned<TResource>(string policy, Func<TResource, string> key)
    {
        ArgumentException.ThrowIfNullOrEmpty(policy);
        ArgumentNullException.ThrowIfNull(key);
        // Keeps a limiter per key, and lets go of those that are idle.
        return PartitionedRateLimiter.Create<TResource, string>(resource => RateLimitPartition.Get(key(resource), text => Limiter(policy, text)));
    }
}
