using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansLb.Contracts;
using OrleansLb.Contracts.Backends;
using OrleansLb.Contracts.Health;
using OrleansLb.Core;
using OrleansLb.Frontend.Cluster;
using OrleansLb.Frontend.Pools;

namespace OrleansLb.Frontend.Health;

/// <summary>
/// Keeps each pool's eligibility as the cluster has it: pushes are applied as they come, and whatever does not fit is fetched.
/// Whether anything was missed, each exchange of load says; pools that have none are asked once a second.
/// </summary>
internal sealed partial class PoolHealthFollower(
    PoolTable pools,
    IClusterLink link,
    ClusterContact contact,
    [FromKeyedServices(Clocks.Key)] TimeProvider clock,
    ILogger<PoolHealthFollower> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    // An exchange is due every second at the latest.
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, long> _offeredAt = new(StringComparer.OrdinalIgnoreCase);

    // Pools whose table is being fetched, and whether once more: what makes somebody ask meanwhile may be newer than the answer that is on its way.
    private readonly ConcurrentDictionary<string, bool> _fetching = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Takes a push.</summary>
    /// <param name="change">What changed.</param>
    public void Take(EligibilityChange change)
    {
        var applied = false;
        pools.ChangeHealth(change.PoolId, view =>
        {
            if (view.Epoch != change.Epoch || !view.Eligibility.TryApply(change.ToModel(clock.GetElapsedTime(0)), out var next))
                return null;
            applied = true;
            return new PoolHealthView(change.Epoch, next, []);
        });
        if (!applied)
            _ = Fetch(change.PoolId);
    }

    /// <summary>A pool said in passing which table it has.</summary>
    /// <param name="poolId">The pool.</param>
    /// <param name="epoch">Epoch of its table; 0 when it has none yet.</param>
    /// <param name="version">Version of its table.</param>
    public void Offer(string poolId, long epoch, long version)
    {
        _offeredAt[poolId] = clock.GetTimestamp();
        if (epoch != PoolHealthView.LocalEpoch && pools.Current.TryGetValue(poolId, out var pool)
            && pool.Health is var view && (view.Epoch != epoch || view.Eligibility.Version < version))
            _ = Fetch(poolId);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.WhenAll(pools.Current.Keys.Where(IsSilent).Select(Fetch));
            await Task.Delay(Period, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private bool IsSilent(string poolId) => !_offeredAt.TryGetValue(poolId, out var at) || clock.GetElapsedTime(at) > LongestSilence;

    private async Task Fetch(string poolId)
    {
        if (_fetching.AddOrUpdate(poolId, false, static (_, _) => true))
            return;
        do
            await FetchOnce(poolId);
        while (!IsFetched(poolId));
    }

    /// <summary>Whether nobody asked while the table was fetched.</summary>
    private bool IsFetched(string poolId) =>
        _fetching.TryRemove(KeyValuePair.Create(poolId, false)) || !_fetching.TryUpdate(poolId, false, true);

    /// <summary>Pushes may have come while the answer was on its way.</summary>
    private static bool IsOvertaken(PoolHealthView current, EligibilityTable answer) => current.Epoch == answer.Epoch && current.Eligibility.Version >= answer.Version;

    private async Task FetchOnce(string poolId)
    {
        if (link.Grains is not { } grains || !pools.Current.TryGetValue(poolId, out var pool))
            return;

        try
        {
            var view = pool.Health;
            var table = await grains.GetGrain<IPoolGrain>(poolId).GetEligibility(view.Epoch, view.Eligibility.Version);
            contact.Made();
            if (table is not null)
                pools.ChangeHealth(poolId, current => IsOvertaken(current, table) ? null : new PoolHealthView(table.Epoch, table.ToModel(clock.GetElapsedTime(0)), []));
        }
        catch (Exception exception) when (GrainCall.IsFailure(exception))
        {
            LogNotFetched(logger, poolId, exception.Message);
        }
    }
}
