using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Core;
using OrleansLb.Frontend.Cluster;
using OrleansLb.Frontend.Pools;
using OrleansLb.Hosting.Status;

namespace OrleansLb.Frontend.Health;

/// <summary>
/// A front-end that has just started knows of no backend that is down, ejected or in maintenance, so it had better not get traffic before it does. It waits for that once, and not for
/// long: it serves on what it has when the cluster does not answer or cannot say.
/// </summary>
internal sealed class HealthReadinessCheck(PoolTable pools, ClusterContact contact, [FromKeyedServices(Clocks.Key)] TimeProvider clock) : IReadinessCheck
{
    /// <summary>A second more than after which a front-end goes without the cluster; then it is on its own or has been told.</summary>
    internal static readonly TimeSpan Patience = ClusterContact.LostAfter + TimeSpan.FromSeconds(1);

    private readonly long _started = clock.GetTimestamp();
    private volatile bool _isOver;

    public string Name => "health";

    public Readiness Check()
    {
        if (_isOver)
            return Readiness.Ready("knows which backends are up, as far as anybody does");
        if (clock.GetElapsedTime(_started) < Patience && !contact.IsLost && FirstUnknown() is { } pool)
            return Readiness.NotReady($"has not been told yet which backends of pool '{pool.Definition.Id}' are up");
        _isOver = true;
        return Check();
    }

    private FrontendPool? FirstUnknown() => pools.Current.Values.FirstOrDefault(static pool => !pool.Health.IsInformed);
}
